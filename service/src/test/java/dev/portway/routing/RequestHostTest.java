package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHostTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.local            | api.local",
                "API.Local:8080       | api.local",
                "api.local.           | api.local",
                "api.local.:80        | api.local",
                "api.local:           | api.local",
                "''                   | ''",
                ":8080                | ''",
                "[::1]:8080           | ::1",
                "[::1]                | ::1",
                "::1                  | ::1",
                "[0:0:0:0:0:0:0:1]:80 | ::1",
                "[2001:DB8:0::A]      | 2001:db8::a",
                "[::ffff:127.0.0.1]   | 127.0.0.1",
                "127.0.0.1:80         | 127.0.0.1",
                "[::1                 | [::1",
                "[]                   | ''",
                "a:b:c                | a:b:c",
                "\u212Aelvin.test     | \u212Aelvin.test",
            })
    void isWhatRoutesAreComparedWith(String authority, String host) {
        assertThat(RequestHost.of(authority)).isEqualTo(host);
    }

    @Test
    void givesTheSameStringBackWhereThereIsNothingToDo() {
        String host = "api.localhost";

        assertThat(RequestHost.of(host)).isSameAs(host);
    }
}
