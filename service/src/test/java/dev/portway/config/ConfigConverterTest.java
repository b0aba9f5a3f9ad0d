package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigConverterTest {

    private static final String JSON = """
            {
              "proxy": { "port": "${PORT:-8080}", "host": "localhost" },
              "routes": [
                { "id": "a", "host": "a.local", "targets": [3001, { "url": "http://localhost:3002", "weight": 2 }] },
                { "path": "/b", "target": 3003, "metadata": { "note": "say \\"hi\\"\\n", "port": "3000" } }
              ],
              "default": { "target": null }
            }
            """;

    static Stream<Arguments> ways() {
        return Stream.of(ConfigFormat.values())
                .flatMap(from -> Stream.of(ConfigFormat.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void saysTheSameInEveryLanguage(ConfigFormat from, ConfigFormat to) throws ConversionException {
        String written = ConfigConverter.convert(JSON, ConfigFormat.JSON, from);

        String converted = ConfigConverter.convert(written, from, to);

        assertThat(read(converted, to)).isEqualTo(read(JSON, ConfigFormat.JSON));
        assertThat(converted).contains("${PORT:-8080}");
    }

    @Test
    void writesTomlAsAPersonWould() throws ConversionException {
        assertThat(ConfigConverter.convert(JSON, ConfigFormat.JSON, ConfigFormat.TOML))
                .isEqualTo("""
                        [proxy]
                        port = "${PORT:-8080}"
                        host = "localhost"

                        [[routes]]
                        id = "a"
                        host = "a.local"
                        targets = [3001, { url = "http://localhost:3002", weight = 2 }]

                        [[routes]]
                        path = "/b"
                        target = 3003
                        metadata = { note = "say \\"hi\\"\\n", port = "3000" }

                        [default]
                        target = "none"
                        """);
    }

    @Test
    void writesYamlAsAPersonWould() throws ConversionException {
        assertThat(ConfigConverter.convert(JSON, ConfigFormat.JSON, ConfigFormat.YAML))
                .isEqualTo("""
                        proxy:
                          port: "${PORT:-8080}"
                          host: localhost
                        routes:
                          - id: a
                            host: a.local
                            targets:
                              - 3001
                              - url: http://localhost:3002
                                weight: 2
                          - path: /b
                            target: 3003
                            metadata:
                              note: |
                                say "hi"
                              port: "3000"
                        default:
                          target: null
                        """);
    }

    @Test
    void putsPlainValuesAheadOfTablesInToml() throws ConversionException {
        String toml = ConfigConverter.convert(
                "{\"proxy\": {\"port\": 8080}, \"routes\": [], \"$schema\": \"x\", \"default\": {\"target\": 1}}",
                ConfigFormat.JSON,
                ConfigFormat.TOML);

        assertThat(toml)
                .isEqualTo("routes = []\n\"$schema\" = \"x\"\n\n[proxy]\nport = 8080\n\n[default]\ntarget = 1\n");
    }

    @Test
    void refusesWhatTomlCannotSay() {
        String text = "{\"metrics\": {\"a\": [1, null]}}";

        assertThatThrownBy(() -> ConfigConverter.convert(text, ConfigFormat.JSON, ConfigFormat.TOML))
                .isInstanceOfSatisfying(
                        ConversionException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .satisfies(problem -> assertThat(problem.describe("f"))
                                        .isEqualTo(
                                                "f:1:23  /metrics/a/1: null cannot be written in TOML (expected: any other"
                                                        + " value)")));
    }

    @Test
    void refusesWhatDoesNotParse() {
        assertThatThrownBy(() -> ConfigConverter.convert("{", ConfigFormat.JSON, ConfigFormat.YAML))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("ends too early");
    }

    private static PortwayConfig read(String text, ConfigFormat format) {
        ReadResult result = new ConfigReader(Map.of("PORT", "9000")::get).read(text, format, Path.of("config"));
        assertThat(result.problems()).isEmpty();
        return requireNonNull(result.config());
    }
}
