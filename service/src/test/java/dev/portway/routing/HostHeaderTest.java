package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.TargetUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest { // behaviours 20 and 21

    @ParameterizedTest
    @CsvSource({
        "https, api.example.com, 443, api.example.com",
        "https, api.example.com, 8443, api.example.com:8443",
        "https, api.example.com, 80, api.example.com:80",
        "http, api.example.com, 80, api.example.com",
        "http, localhost, 3000, localhost:3000",
        "http, ::1, 80, [::1]",
        "https, ::1, 8443, [::1]:8443",
    })
    void writesTheTargetWithThePortThatIsNotItsSchemesOwn(String scheme, String host, int port, String expected) {
        assertThat(HostHeader.of("target", new TargetUrl(scheme, host, port, "", null)))
                .isEqualTo(expected);
    }

    @Test
    void preservesOrNamesWhatIsWritten() {
        var url = new TargetUrl("https", "api.example.com", 443, "", null);

        assertThat(HostHeader.of("preserve", url)).isNull();
        assertThat(HostHeader.of("other.example", url)).isEqualTo("other.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.example.com", "example.com", "example.com.", "xn--bcher-kva.example", "1.example.org"})
    void namesATargetWithTlsAndAPublicNameByDefault(String host) {
        assertThat(HostHeader.of(null, new TargetUrl("https", host, 443, "", null)))
                .isEqualTo(host);
        assertThat(HostHeader.of(null, new TargetUrl("http", host, 80, "", null)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "web.localhost",
                "backend",
                "nas.local",
                "api.test",
                "db.internal",
                "box.home.arpa",
                "10.0.0.1",
                "93.184.216.34",
                "::1",
                "2001:db8::1",
                "printer.lan"
            })
    void preservesForNamesThatAreNotPublicByDefault(String host) {
        assertThat(HostHeader.of(null, new TargetUrl("https", host, 443, "", null)))
                .isNull();
    }
}
