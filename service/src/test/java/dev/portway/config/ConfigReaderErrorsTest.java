package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.InvalidConfigs.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigReaderErrorsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("WORD", "word", "NUMBER", "8");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writePage() throws IOException {
        Files.writeString(folder.resolve("page.html"), "<h1>sorry</h1>");
    }

    static Stream<InvalidConfig> invalidConfigs() {
        return InvalidConfigs.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidConfigs")
    void saysWhereAndWhatIsExpected(InvalidConfig invalid) {
        ReadResult result = read(invalid.text());

        assertThat(result.config()).isNull();
        assertThat(result.errors())
                .anySatisfy(error -> {
                    assertThat(error.pointer()).isEqualTo(invalid.pointer());
                    assertThat(error.message()).isEqualTo(invalid.message().replace("FOLDER", folder.toString()));
                    assertThat(error.line()).isEqualTo(1);
                    assertThat(error.column()).isPositive();
                })
                .allSatisfy(error -> assertThat(error.message()).doesNotContain("fasterxml", "Exception", "hunter2"));
    }

    @Test
    void hasMoreCasesThanTheBar() {
        assertThat(InvalidConfigs.all()).hasSizeGreaterThan(80);
    }

    @Test
    void hasACaseForEveryKeyOfARule() {
        Set<String> cases = new HashSet<>();
        InvalidConfigs.all().forEach(invalid -> {
            String place = invalid.pointer().replaceAll("/[0-9]+(?![^/])", "");
            for (int end = place.length(); end > 0; end = place.lastIndexOf('/', end - 1)) {
                cases.add(place.substring(0, end));
            }
        });
        Set<String> places = new LinkedHashSet<>();
        RulesConfig.KEYS.forEach(rule -> addPlaces("/routes/" + rule, RouteConfig.KEYS.below(rule), places));
        RulesConfig.SECURITY_KEYS.names().forEach(rule -> places.add("/security/" + rule));

        // What a route's rule and that of security have in common is read by the same lines.
        assertThat(places)
                .hasSizeGreaterThan(80)
                .allSatisfy(place -> assertThat(cases)
                        .containsAnyOf(
                                place,
                                place.replace("/routes/", "/security/"),
                                place.replaceFirst("/routes/(request|response)/headers", "/security/headers/$1")));
    }

    private static void addPlaces(String place, @Nullable Keys below, Set<String> places) {
        places.add(place);
        if (below != null) {
            below.names().forEach(name -> addPlaces(place + "/" + name, below.below(name), places));
        }
    }

    @Test
    void reportsEveryErrorOfAFileAtOnceInItsOrder() {
        ReadResult result = read("""
                {
                  "proxy": { "port": 99999, "timeouts": { "connect": "2" } },
                  "routes": [
                    { "host": "a.local:80", "path": "a", "target": 0 },
                    { "target": 3000, "weight": 1 }
                  ],
                  "default": {},
                  "loging": {}
                }
                """);

        assertThat(result.errors())
                .extracting(error -> error.describe("config.json"))
                .extracting(line -> line.substring(0, line.indexOf(": ")))
                .containsExactly(
                        "config.json:2:22  /proxy/port",
                        "config.json:2:54  /proxy/timeouts/connect",
                        "config.json:4:15  /routes/0/host",
                        "config.json:4:37  /routes/0/path",
                        "config.json:4:52  /routes/0/target",
                        "config.json:5:23  /routes/1/weight",
                        "config.json:7:14  /default/target",
                        "config.json:8:3  /loging");
    }

    @Test
    void showsTheOffendingValueAsTheFileHasIt() {
        ReadResult result = read("""
                {"proxy": {"port": "${WORD}"}, "routes": [{"target": "http://u:hunter2@a/"}], "default": {"target": [1]}}
                """);

        assertThat(result.errors())
                .extracting(Problem::value)
                .containsExactly("\"${WORD}\"", "\"http://***@a/\"", "[...]");
    }

    @Test
    void keepsSecretsOutOfEveryProblem() {
        ReadResult result = read("""
                {"proxy": {"port": 1.5, "admin": {"token": "hunter2 hunter2"}, "tokn": "hunter2"},
                 "routes": [{"target": 1, "headers": {"Authorization": ["hunter2"], "X-Api-Key": 7}}],
                 "default": {"target": null}, "password": "hunter2"}
                """);

        assertThat(result.errors()).hasSize(6);
        assertThat(result.toString().replace(result.tree().toString(), "").replace(routes(result), ""))
                .doesNotContain("hunter2");
        assertThat(result.errors())
                .filteredOn(error -> error.pointer().contains("token"))
                .extracting(Problem::value)
                .containsOnlyNulls();
    }

    @Test
    void shortensALongValue() {
        ReadResult result = read("{\"proxy\": {\"port\": 1, \"host\": \"" + "x".repeat(1000) + "\"}}");

        assertThat(result.errors())
                .allSatisfy(error -> assertThat(error.message()).hasSizeLessThan(250));
    }

    private static String routes(ReadResult result) {
        return result.routes().toString();
    }

    private static ReadResult read(String text) {
        return new ConfigReader(ENVIRONMENT::get).read(text, ConfigFormat.JSON, folder.resolve("config.json"));
    }
}
