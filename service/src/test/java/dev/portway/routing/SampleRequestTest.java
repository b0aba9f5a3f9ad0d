package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleRequestTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "http://a.test/b?c=d      | a.test      | /b      | c=d",
                "https://A.test:8443      | A.test:8443 | /       | -",
                "http://a.test?c          | a.test      | /       | c",
                "http://a.test/?          | a.test      | /       | ''",
                "http://[::1]:80/%2F//;x  | [::1]:80    | /%2F//;x | -",
                "a.test/b                 | a.test      | /b      | -",
                "localhost:8080           | localhost:8080 | /    | -",
                "/b?c=http://d/e          | ''          | /b      | c=http://d/e",
                "http://a.test/b#c?d      | a.test      | /b      | -",
                "*                        | ''          | *       | -",
            })
    void isWhatAClientWouldSendForAUrl(String url, String authority, String rawPath, @Nullable String query) {
        SampleRequest request = SampleRequest.of("GET", url, Map.of());

        assertThat(request.authority()).isEqualTo(authority);
        assertThat(request.rawPath()).isEqualTo(rawPath);
        assertThat(request.query()).isEqualTo(query);
    }

    @Test
    void takesTheHostFromTheHeaders() {
        SampleRequest request =
                SampleRequest.of("GET", "http://localhost:8080/a", Map.of("host", "Web.localhost:8080", "X-A", "1"));

        assertThat(request.host()).isEqualTo("web.localhost");
        assertThat(request.header("x-a")).isEqualTo("1");
        assertThat(request.header("x-b")).isNull();
    }

    @Test
    void isMatchedByItsNormalisedPath() {
        assertThat(SampleRequest.of("GET", "http://a/x/%2e%2e/%61", Map.of()).path())
                .isEqualTo("/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/%zz", "http://a/b c", "http://u:p@a/"})
    void refusesWhatNoClientWouldSend(String url) {
        assertThatThrownBy(() -> SampleRequest.of("GET", url, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("u:p");
    }
}
