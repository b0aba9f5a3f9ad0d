package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxErrorTest {

    /** A bar stands for a line break. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`` ; 1 ; 1 ; the file is empty",
                "{ ; 1 ; 2 ; ends too early: a closing }",
                "{\"a\": [1 ; 1 ; 9 ; ends too early: a closing ]",
                "{\"a\": \"x ; 1 ; 9 ; ends too early: a closing quote",
                "{\"a\": 1,} ; 1 ; 9 ; a comma too many before this }",
                "{\"a\": [1,]} ; 1 ; 10 ; a comma too many before this ]",
                "{\"a\": 1,,\"b\": 2} ; 1 ; 9 ; a comma too many",
                "{\"a\": 1| \"b\": 2} ; 2 ; 2 ; a comma is missing before this",
                "{\"a\" 1} ; 1 ; 6 ; a colon is missing",
                "{a: 1} ; 1 ; 2 ; keys are written in double quotes",
                "{'a': 1} ; 1 ; 2 ; strings are written in double quotes",
                "{\"a\": 'x'} ; 1 ; 7 ; strings are written in double quotes",
                "{\"a\":| True} ; 2 ; 2 ; an unknown word",
                "{\"a\": x} ; 1 ; 7 ; an unknown word",
                "{\"a\": NaN} ; 1 ; 7 ; an unknown word",
                "{\"a\": 01} ; 1 ; 8 ; a number that is not written as JSON has it",
                "{\"a\": .5} ; 1 ; 7 ; a number that is not written as JSON has it",
                "{\"a\": +5} ; 1 ; 8 ; a number that is not written as JSON has it",
                "{\"a\": } ; 1 ; 7 ; a value is missing here",
                "{\"a\": \"x|\"} ; 1 ; 9 ; a string with a line break",
                "{\"a\": \"\\q\"} ; 1 ; 9 ; an unknown escape",
                "// hello|{} ; 1 ; 1 ; it has no comments",
                "{ # hello|} ; 1 ; 3 ; it has no comments",
                "{\"a\": [1} ; 1 ; 9 ; a ] is missing before this }",
                "{\"a\": 1] ; 1 ; 8 ; a } is missing before this ]",
                "} ; 1 ; 1 ; this } closes nothing",
                "{} {} ; 1 ; 4 ; there is more after the end"
            })
    void tellsWhereJsonBreaksInPlainWords(String text, int line, int column, String words) {
        Problem problem = only(text.replace('|', '\n'), ConfigFormat.JSON);

        assertThat(problem.message()).contains(words);
        assertThat(problem.line()).isEqualTo(line);
        assertThat(problem.column()).isEqualTo(column);
        assertThat(problem.pointer()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a: b: c ; 1 ; 5 ; mapping values are not allowed here",
                "a: 1| b: 2 ; 2 ; 3 ; mapping values are not allowed here",
                "a: [1 ; 1 ; 6 ; expected ',' or ']'",
                "a: @x ; 1 ; 4 ; cannot start any token",
                "a: 1|---|b: 1 ; 3 ; 1 ; there is more after the end",
                "? [a]|: b ; 1 ; 4 ; keys that are plain words"
            })
    void tellsWhereYamlBreaks(String text, int line, int column, String words) {
        Problem problem = only(text.replace('|', '\n'), ConfigFormat.YAML);

        assertThat(problem.message()).contains(words);
        assertThat(problem.line()).isEqualTo(line);
        assertThat(problem.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a = ; 1 ; the file ends too early",
                "a = 1|a = 2 ; 2 ; a key that is written twice",
                "[a]|[a] ; 2 ; a table that is written twice",
                "a = x ; 1 ; an unknown word",
                "= 1 ; 1 ; something else was expected here"
            })
    void tellsWhereTomlBreaks(String text, int line, String words) {
        Problem problem = only(text.replace('|', '\n'), ConfigFormat.TOML);

        assertThat(problem.message()).contains(words);
        assertThat(problem.line()).isEqualTo(line);
    }

    @ParameterizedTest
    @EnumSource(ConfigFormat.class)
    void survivesDeepNesting(ConfigFormat format) {
        String begin = format == ConfigFormat.TOML ? "a = " : "";

        Problem problem = only(begin + "[".repeat(100_000), format);

        assertThat(problem.message()).contains("nested too deeply");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"token\": hunter2}", "{\"token\": \"hunter2}", "{\"token\" \"hunter2\"}"})
    void quotesNothingOfTheText(String text) {
        assertThat(only(text, ConfigFormat.JSON).toString()).doesNotContain("hunter2");
    }

    @Test
    void reportsADuplicateKeyAndAnAliasWithTheirPlaces() {
        ReadResult json = read("{\"proxy\": {\"port\": 1,\n \"port\": 2}}", ConfigFormat.JSON);
        ReadResult yaml =
                read("proxy:\n  host: &a localhost\n  port: 8080\n  admin: { host: *a }\n", ConfigFormat.YAML);

        assertThat(json.errors())
                .extracting(error -> error.describe("f"))
                .contains("f:2:2  /proxy/port: \"port\" is written twice in the same object (expected: once)");
        assertThat(yaml.errors())
                .extracting(error -> error.describe("f"))
                .contains("f:4:18  /proxy/admin/host: is a YAML alias, which is not read (expected: the value itself,"
                        + " written again)");
    }

    private static Problem only(String text, ConfigFormat format) {
        ReadResult result = read(text, format);
        assertThat(result.config()).isNull();
        assertThat(result.problems()).hasSize(1);
        assertThat(result.problems().get(0).message()).doesNotContain("fasterxml", "snakeyaml", "Source", "reader");
        return result.problems().get(0);
    }

    private static ReadResult read(String text, ConfigFormat format) {
        return new ConfigReader(name -> null).read(text, format, Path.of("config.json"));
    }
}
