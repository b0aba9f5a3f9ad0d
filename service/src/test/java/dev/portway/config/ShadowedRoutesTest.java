package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShadowedRoutesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'host': 'x' ; 'host': 'X'",
                "'path': '/a' ; 'path': '/%61/'",
                "'methods': ['GET', 'HEAD'] ; 'methods': ['HEAD']",
                "'headers': {'X-A': '*'} ; 'headers': {'x-a': '1'}",
                "'host': ['x', 'y'] ; 'host': 'y'"
            })
    void warnsOfARouteThatCanNeverMatchAndNamesWhatHidesIt(String earlier, String later) {
        assertThat(warnings(earlier, later))
                .containsExactly("/routes/1 route \"b\" can never match: route \"a\" at /routes/0 hides it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'host': 'x' ; 'host': 'y'",
                "'host': '*.x' ; 'host': 'a.x'",
                "'path': '/' ; 'path': '/a'",
                "'path': '/a' ; 'path': '/'",
                "'methods': ['GET'] ; 'methods': ['GET', 'HEAD']",
                "'methods': ['GET'] ; 'path': '/'",
                "'path': '/' ; 'methods': ['GET']",
                "'headers': {'X-A': '1'} ; 'headers': {'X-A': '*'}",
                "'headers': {'X-A': '*'} ; 'headers': {'X-B': '*'}",
                "'headers': {'X-A': '*'} ; 'methods': ['GET']",
                "'enabled': false ; 'path': '/'",
                "'path': '/' ; 'enabled': false"
            })
    void staysSilentWhereBothCanMatch(String earlier, String later) {
        assertThat(warnings(earlier, later)).isEmpty();
    }

    @Test
    void namesTheHostWhereOnlyOneOfSeveralIsHidden() {
        assertThat(warnings("'host': 'x'", "'host': ['x', 'y']"))
                .containsExactly("/routes/1 route \"b\" can never match on x: route \"a\" at /routes/0 hides it");
    }

    private static List<String> warnings(String earlier, String later) {
        String text = "{'proxy': {'port': 8080}, 'default': {'target': null}, 'routes': [{'id': 'a', 'target': 1, "
                + earlier + "}, {'id': 'b', 'target': 2, " + later + "}]}";
        ReadResult result =
                new ConfigReader(name -> null).read(text.replace('\'', '"'), ConfigFormat.JSON, Path.of("config.json"));
        assertThat(result.errors()).isEmpty();
        return result.warnings().stream()
                .map(warning -> warning.pointer() + " " + warning.message())
                .toList();
    }
}
