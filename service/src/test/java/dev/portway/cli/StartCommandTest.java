package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartCommandTest {

    private static final String VALID = """
            { "proxy": { "port": 0, "admin": { "port": 0 } },
              "routes": { "a.localhost": 3000, "b.localhost": 3001 },
              "default": { "target": null } }
            """;

    private final List<StartRequest> started = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void saysInOneLineWhatRunsWhereNobodyWatches() throws IOException {
        write("portway.json", VALID);
        Shell shell = shell();

        int status = shell.run("start");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out())
                .isEqualTo("ready: http://localhost:18080, admin http://localhost:18081, portway.json, 2 routes\n");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void tellsAPersonHowToStopItToo() throws IOException {
        write("portway.json", VALID);
        Shell shell = shell().interactive();

        shell.run("start");

        assertThat(shell.out())
                .contains("Ctrl-C", "http://localhost:18080", "http://localhost:18081", "portway.json, 2 routes");
    }

    @Test
    void handsOverTheFileAndWhatTheOptionsSay() throws IOException {
        write("my.json", VALID);

        shell().run("start", "-c", "my.json", "-p", "0", "-h", "127.0.0.1");

        assertThat(started).singleElement().satisfies(request -> {
            assertThat(request.file()).isEqualTo(directory.resolve("my.json"));
            assertThat(request.host()).isEqualTo("127.0.0.1");
            assertThat(request.port()).isZero();
        });
    }

    @Test
    void serverIsStartAsDropwizardsUsersTypeIt() throws IOException {
        write("my.json", VALID);

        int status = shell().run("server", "my.json");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(started)
                .singleElement()
                .satisfies(request -> assertThat(request.file()).isEqualTo(directory.resolve("my.json")));
    }

    /** The first of two is read without the parser, the second by it. */
    @ParameterizedTest
    @CsvSource({
        "start -c my.json, start -cmy.json",
        "start --config my.json, start --config=my.json",
        "server my.json, server -- my.json",
        "start -c missing.json, start --config=missing.json",
        "start -c ., start -c=.",
    })
    void comesToTheSameWithAndWithoutTheParser(String plain, String parsed) throws IOException {
        write("my.json", VALID);
        Shell withoutIt = shell();
        Shell withIt = shell();

        int status = withoutIt.run(plain.split(" "));

        assertThat(PlainStart.of(plain.split(" "))).isNotNull();
        assertThat(PlainStart.of(parsed.split(" "))).isNull();
        assertThat(withIt.run(parsed.split(" "))).isEqualTo(status);
        assertThat(withIt.out()).isEqualTo(withoutIt.out());
        assertThat(withIt.err()).isEqualTo(withoutIt.err());
        assertThat(started.stream().map(StartRequest::file).distinct().count()).isLessThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"start -c", "server"})
    void startsWithTheOldContentOfAFileThatWasHalfWritten(String command) throws IOException {
        write("my.json", "{ \"proxy\": { \"po");
        write(".my.json.portway-pending", VALID);

        int status = shell().run((command + " my.json").split(" "));

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(directory.resolve("my.json")).hasContent(VALID);
        assertThat(started).hasSize(1);
    }

    @Test
    void validateLeavesAHalfWrittenFileAsItIs() throws IOException {
        write("my.json", "{ \"proxy\": { \"po");
        write(".my.json.portway-pending", VALID);

        int status = shell().run("validate", "my.json");

        assertThat(status).isNotEqualTo(CommandLineTool.FINE);
        assertThat(directory.resolve("my.json")).hasContent("{ \"proxy\": { \"po");
    }

    @Test
    void namesTheOtherFilesItCouldHaveMeant() throws IOException {
        write("portway.json", VALID);
        write("config.json", VALID);
        write("portway.toml", "");
        Shell shell = shell();

        shell.run("start");

        assertThat(shell.err()).contains("using portway.json, not portway.toml, config.json");
    }

    @Test
    void offersAConfigurationWhereThereIsNone() {
        Shell shell = shell();

        int status = shell.run("start");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err())
                .contains("error: no configuration file in " + directory, "\"port\": 8080", "./proxy demo");
    }

    @Test
    void startsNothingFromAFileWithErrorsAndShowsThemAll() throws IOException {
        write("portway.json", "{ \"proxy\": { \"port\": 99999, \"prot\": 1 }, \"routes\": {} }");
        Shell shell = shell();

        int status = shell.run("start");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(started).isEmpty();
        assertThat(shell.err().lines())
                .hasSize(4)
                .anySatisfy(
                        line -> assertThat(line).startsWith("portway.json:1:").contains("/proxy/port: "))
                .last()
                .isEqualTo("error: portway.json has 3 errors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "http"})
    void aPortThatIsNoneIsUsedWrongly(String port) throws IOException {
        write("portway.json", VALID);
        Shell shell = shell();

        int status = shell.run("start", "--port=" + port);

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains(port);
        assertThat(started).isEmpty();
    }

    @Test
    void refusesTheAdminListenersPort() throws IOException {
        write("portway.json", VALID.replace("\"admin\": { \"port\": 0 }", "\"admin\": { \"port\": 18081 }"));
        Shell shell = shell();

        int status = shell.run("start", "-p", "18081");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).contains("/proxy/admin/port: 18081 is the proxy's own port");
    }

    @Test
    void saysWhichPortIsHeldBeforeAnythingIsStarted() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write("portway.json", VALID);
            Shell shell = shell();

            int status = shell.run("start", "-p", String.valueOf(held.getLocalPort()));

            assertThat(status).isEqualTo(CommandLineTool.FAILED);
            assertThat(shell.err()).contains("error: port " + held.getLocalPort() + " is already in use");
            assertThat(started).isEmpty();
        }
    }

    @Test
    void aPortLostAtTheLastMomentIsNoStackTrace() throws IOException {
        write("portway.json", VALID);
        Shell shell = new Shell(directory, request -> {
            throw new IOException("Failed to bind", new BindException("Address already in use"));
        });

        int status = shell.run("start");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).contains("error: a port was taken").doesNotContain("Exception");
    }

    @Test
    void whatNobodyForesawIsOneLineUnlessAskedForMore() throws IOException {
        write("portway.json", VALID);
        ProxyStarter broken = request -> {
            throw new IllegalStateException("the cat sat on it");
        };
        Shell shell = new Shell(directory, broken);
        Shell curious = new Shell(directory, broken).with("PORTWAY_DEBUG", "1");

        int status = shell.run("start");
        curious.run("start");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err())
                .contains("error: unexpected: the cat sat on it", "PORTWAY_DEBUG=1")
                .doesNotContain("\tat ");
        assertThat(curious.err()).contains("IllegalStateException", "\tat ");
    }

    private Shell shell() {
        return new Shell(directory, request -> {
            started.add(request);
            return new Stopped();
        });
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    /** A proxy that has ended by the time anyone waits for it. */
    private record Stopped() implements RunningProxy {

        @Override
        public URI proxyUrl() {
            return URI.create("http://localhost:18080");
        }

        @Override
        public Optional<URI> tlsUrl() {
            return Optional.empty();
        }

        @Override
        public URI adminUrl() {
            return URI.create("http://localhost:18081");
        }

        @Override
        public void awaitStop() {}

        @Override
        public void close() {}
    }
}
