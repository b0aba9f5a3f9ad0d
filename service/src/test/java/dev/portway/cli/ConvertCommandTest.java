package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {

    private static final String YAML = """
            proxy:
              port: ${PORT:-8080}
            routes:
              web.localhost: 3000
            default:
              target: null
            """;

    @TempDir
    Path directory;

    private Shell shell = Shell.in(Path.of("/"));

    @BeforeEach
    void aYamlFile() throws IOException {
        shell = Shell.in(directory);
        Files.writeString(directory.resolve("portway.yml"), YAML);
    }

    @Test
    void writesJsonToStdoutAndKeepsPlaceholders() {
        int status = shell.run("convert");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out()).startsWith("{").contains("\"${PORT:-8080}\"", "\"web.localhost\": 3000");
        assertThat(shell.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"portway.json", "copy.yaml", "portway.toml"})
    void theNameOfTheResultSaysItsLanguage(String name) {
        assertThat(shell.run("convert", "-o", name)).isEqualTo(CommandLineTool.FINE);

        assertThat(directory.resolve(name)).exists();
        assertThat(shell.out()).isEmpty();
        assertThat(shell.run("validate", "-c", name)).isEqualTo(CommandLineTool.FINE);
    }

    @Test
    void theLanguageMayBeSaidInAnyCase() {
        assertThat(shell.run("convert", "--to", "TOML")).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.run("convert", "--to", "toml")).isEqualTo(CommandLineTool.FINE);

        assertThat(shell.out()).contains("[proxy]");
    }

    @Test
    void anUnknownLanguageIsUsedWrongly() {
        int status = shell.run("convert", "--to", "xml");

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).containsIgnoringCase("json").contains("xml");
    }

    @Test
    void neverOverwritesUnlessForced() throws IOException {
        Path existing = Files.writeString(directory.resolve("mine.json"), "precious");

        assertThat(shell.run("convert", "-o", "mine.json")).isEqualTo(CommandLineTool.FAILED);
        assertThat(existing).hasContent("precious");
        assertThat(shell.err()).contains("error: mine.json exists", "--force");

        assertThat(shell.run("convert", "-o", "mine.json", "--force")).isEqualTo(CommandLineTool.FINE);
        assertThat(existing).content().startsWith("{");
    }

    @Test
    void aFileThatDoesNotParseIsALineWithItsPlace() throws IOException {
        Files.writeString(directory.resolve("broken.json"), "{ \"proxy\": ");

        int status = shell.run("convert", "-c", "broken.json");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).startsWith("broken.json:1:").contains("error: broken.json cannot be converted");
    }
}
