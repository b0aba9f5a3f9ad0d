package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {

    @TempDir
    Path directory;

    private Shell shell = Shell.in(Path.of("/"));

    @BeforeEach
    void openAShell() {
        shell = Shell.in(directory);
    }

    @Test
    void aValidFileIsCountedOnOneLine() throws IOException {
        write(
                "{ \"proxy\": { \"port\": 8080 }, \"routes\": { \"a.local\": 1234 }, \"default\": { \"target\": null } }");

        int status = shell.run("validate");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out()).isEqualTo("ok: 1 route\n");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void aWarningIsShownAndFailsNothing() throws IOException {
        write("{ \"proxy\": { \"port\": 80 }, \"routes\": [], \"default\": { \"target\": null } }");

        int status = shell.run("validate");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out()).isEqualTo("ok: 0 routes, 1 warning\n");
        assertThat(shell.err()).startsWith("portway.json:1:").contains("warning: /proxy/port: 80 ");
    }

    @Test
    void everyErrorIsALineWithItsPlaceAndTheStatusIsOne() throws IOException {
        write("{\n  \"proxy\": { \"port\": 99999 },\n  \"routes\": [ { \"target\": \"ftp://x\" } ]\n}\n");

        int status = shell.run("validate");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err().lines())
                .anySatisfy(line -> assertThat(line).matches("portway\\.json:2:\\d+ +/proxy/port: 99999 .*expected.*"))
                .anySatisfy(line -> assertThat(line).matches("portway\\.json:3:\\d+ +/routes/0/target: .*"))
                .anySatisfy(line -> assertThat(line).contains("/default"))
                .last()
                .isEqualTo("error: portway.json has 3 errors");
    }

    @Test
    void aBrokenFileIsALineAndNoStackTrace() throws IOException {
        write("{ \"proxy\": ");

        int status = shell.run("validate");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).startsWith("portway.json:1:").doesNotContain("Exception", "fasterxml");
    }

    @Test
    void jsonHoldsTheSameForScripts() throws IOException {
        write("{ \"proxy\": { \"port\": 99999 }, \"routes\": [], \"default\": { \"target\": null } }");

        int status = shell.run("validate", "--json");

        JsonNode report = new ObjectMapper().readTree(shell.out());
        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).isEmpty();
        assertThat(report.path("valid").asBoolean(true)).isFalse();
        assertThat(report.path("file").asText())
                .isEqualTo(directory.resolve("portway.json").toString());
        assertThat(report.path("problems")).singleElement().satisfies(problem -> {
            assertThat(problem.path("severity").asText()).isEqualTo("error");
            assertThat(problem.path("pointer").asText()).isEqualTo("/proxy/port");
            assertThat(problem.path("line").asInt()).isEqualTo(1);
        });
    }

    @Test
    void theFileMayBeNamedEitherWay() throws IOException {
        Files.writeString(directory.resolve("other.yml"), "proxy: {port: 8080}\nroutes: []\ndefault: {target: null}\n");

        assertThat(shell.run("validate", "-c", "other.yml")).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.run("validate", "other.yml")).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.run("check", "other.yml")).isEqualTo(CommandLineTool.FINE);
    }

    @Test
    void placeholdersAreReadFromTheEnvironment() throws IOException {
        write("{ \"proxy\": { \"port\": \"${PORT}\" }, \"routes\": [], \"default\": { \"target\": null } }");

        assertThat(shell.run("validate")).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.with("PORT", "8080").run("validate")).isEqualTo(CommandLineTool.FINE);
    }

    @Test
    void aFileThatIsNotThereAndAFolderAreToldApart() {
        assertThat(shell.run("validate", "-c", "missing.json")).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.run("validate", "-c", ".")).isEqualTo(CommandLineTool.FAILED);

        assertThat(shell.err()).contains("error: missing.json does not exist", "error: . is a directory");
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("portway.json"), text);
    }
}
