package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HostsCommandTest {

    private static final String BLOCK = """
            # portway: begin (kept by ./proxy hosts)
            127.0.0.1 api.test
            ::1 api.test
            127.0.0.1 web.test
            ::1 web.test
            # portway: end
            """;

    @TempDir
    Path directory;

    private Path hosts = Path.of("");

    @BeforeEach
    void aConfigurationWithNamesOfEveryKind() throws IOException {
        hosts = directory.resolve("hosts");
        Files.writeString(directory.resolve("portway.json"), """
                { "proxy": { "port": 0 },
                  "routes": { "web.test": 3000, "api.test/v1": 3001, "docs.localhost": 3002, "*.wild.test": 3003,
                              "10.0.0.1": 3004, "/any": 3005 },
                  "default": { "target": null } }
                """);
    }

    @Test
    void printsTheLinesAndSaysWhichNamesCannotBeThere() throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost\n");
        Shell shell = Shell.in(directory);

        int status = shell.run("hosts", "--file", "hosts");

        assertThat(status).isZero();
        assertThat(shell.out()).isEqualTo("127.0.0.1 api.test\n::1 api.test\n127.0.0.1 web.test\n::1 web.test\n");
        assertThat(shell.err()).contains("*.wild.test cannot be in a hosts file");
        assertThat(hosts).hasContent("127.0.0.1 localhost\n");
    }

    @Test
    void tellsAPersonWhichNamesNeedNone() throws IOException {
        Files.writeString(hosts, "127.0.0.1 web.test\n");
        Shell shell = Shell.in(directory).interactive();

        shell.run("hosts", "--file", "hosts");

        assertThat(shell.out())
                .contains("no entry needed: 10.0.0.1, docs.localhost", "1 name missing in ", "./proxy hosts --write");
    }

    @Test
    void saysTheSameAsJson() throws IOException {
        Files.writeString(hosts, "127.0.0.1 web.test # api.test\n");
        Shell shell = Shell.in(directory);

        shell.run("hosts", "--file", "hosts", "--json");

        assertThat(shell.out().replaceAll("\\s+", ""))
                .contains(
                        "\"needed\":[\"api.test\",\"web.test\"]",
                        "\"missing\":[\"api.test\"]",
                        "\"needless\":[\"10.0.0.1\",\"docs.localhost\"]",
                        "\"impossible\":[\"*.wild.test\"]");
    }

    @Test
    void writesABlockAfterWhatIsThere() throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost");

        int status = Shell.in(directory).run("hosts", "--file", "hosts", "--write");

        assertThat(status).isZero();
        assertThat(hosts).content().isEqualTo("127.0.0.1 localhost\n" + BLOCK);
    }

    @Test
    void replacesItsOwnBlockAndKeepsEveryOtherByte() throws IOException {
        byte[] before =
                "\t127.0.0.1\tlocalhost  \n# \u00fcber\n# portway: begin (x)\n127.0.0.1 old.test\n# portway: end\n\n\n::1 ip6"
                        .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(hosts, before);

        Shell.in(directory).run("hosts", "--file", "hosts", "--write");
        Shell.in(directory).run("hosts", "--file", "hosts", "--write");

        assertThat(Files.readString(hosts, StandardCharsets.ISO_8859_1))
                .isEqualTo("\t127.0.0.1\tlocalhost  \n# \u00fcber\n" + BLOCK + "\n\n::1 ip6");
    }

    @Test
    void removesTheBlockAndLeavesTheFileAsItWas() throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost\r\n");
        Shell.in(directory).run("hosts", "--file", "hosts", "--write");
        assertThat(Files.readString(hosts)).contains("::1 web.test\r\n");

        int status = Shell.in(directory).run("hosts", "--file", "hosts", "--remove");

        assertThat(status).isZero();
        assertThat(Files.readString(hosts)).isEqualTo("127.0.0.1 localhost\r\n");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no modes")
    void keepsModeAndSymbolicLink() throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost\n");
        Files.setPosixFilePermissions(hosts, PosixFilePermissions.fromString("rw-rw-r-x"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), hosts);

        Shell.in(directory).run("hosts", "--file", "link", "--write");

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(hosts)).contains(BLOCK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hosts)))
                .isEqualTo("rw-rw-r-x");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("hosts", "link", "portway.json");
        }
    }

    @Test
    void aBlockWithoutAnEndIsLeftToAPerson() throws IOException {
        String broken = "# portway: begin\n127.0.0.1 a.test\n127.0.0.1 mine.test\n";
        Files.writeString(hosts, broken);
        Shell shell = Shell.in(directory);

        int status = shell.run("hosts", "--file", "hosts", "--write");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).contains("nothing was changed");
        assertThat(hosts).hasContent(broken);
    }

    @Test
    void aMissingFileIsOneLine() {
        Shell shell = Shell.in(directory);

        int status = shell.run("hosts", "--file", "nowhere");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).isEqualTo("error: " + directory.resolve("nowhere") + " does not exist\n");
    }

    @Test
    void writingAndRemovingAtOnceIsUsedWrongly() {
        assertThat(Shell.in(directory).run("hosts", "--write", "--remove")).isEqualTo(CommandLineTool.USED_WRONGLY);
    }
}
