package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

    @TempDir
    Path directory;

    @Test
    void findsNothingWhereAllIsWell() throws IOException {
        try (ServerSocket backend = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            configure("\"web.localhost\": " + backend.getLocalPort());
            Shell shell = shell();

            int status = shell.run("doctor", "--hosts", "hosts");

            assertThat(status).as(shell.out()).isZero();
            assertThat(shell.out())
                    .contains("listens on localhost port " + backend.getLocalPort(), "ok     java: ")
                    .doesNotContain("wrong");
        }
    }

    @Test
    void saysOfEachThingThatIsWrongWhatToDo() throws IOException {
        int nobody = PortCheck.freePort(0);
        configure("\"web.test\": " + nobody);
        Files.setLastModifiedTime(
                directory.resolve("portway.json"), FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        Shell shell = shell();

        int status = shell.run("doctor", "--hosts", "hosts");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.out())
                .contains("wrong  backend of web.test: nothing listens on localhost port " + nobody, "-> start it")
                .contains("wrong  hosts: web.test does not lead to this machine", "-> sudo ./proxy hosts --write")
                .contains("wrong  clock: ", "-> set the clock");
    }

    @Test
    void knowsAnAddressThatAnswersBesideTheOneThatDoesNot() throws IOException {
        try (ServerSocket backend = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            configure("\"web.localhost\": \"http://[::1]:" + backend.getLocalPort() + "\"");
            Shell shell = shell();

            shell.run("doctor", "--hosts", "hosts");

            assertThat(shell.out()).contains("but 127.0.0.1 answers there", "which tries both");
        }
    }

    @Test
    void asksTheProxyThatRuns() throws Exception {
        int nobody = PortCheck.freePort(0);
        try (ProxyHarness proxy = ProxyHarness.withRoutes("[ { \"id\": \"a\", \"target\": " + nobody + " } ]")) {
            await().until(() -> proxy.admin("GET", "/backends", null).body().contains("refused"));
            configureAdmin(proxy.admin().getPort());
            Shell shell = shell();

            assertThat(shell.run("doctor", "--hosts", "hosts")).isEqualTo(CommandLineTool.FAILED);
            assertThat(shell.out())
                    .contains("ok     running proxy: Portway ", ", 1 route")
                    .contains("wrong  backend localhost:" + nobody + ": the proxy finds it down since ", "refused");

            Files.writeString(proxy.file(), "{");
            proxy.admin("POST", "/reload", null);
            Shell again = shell();
            again.run("doctor", "--hosts", "hosts");
            assertThat(again.out()).contains("wrong  running proxy: it has the routes from before", "./proxy validate");
        }
    }

    @Test
    void saysWhereSomethingElseListens() throws Exception {
        Origin.Answer hello = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            throw new IOException("closes the connection, as it was asked to");
        };
        try (Origin other = Origin.answering(hello)) {
            configureAdmin(other.port());
            Shell shell = shell();

            shell.run("doctor", "--hosts", "hosts");

            assertThat(shell.out()).contains("maybe  running proxy: ", "see what listens on " + other.port());
        }
    }

    @Test
    void saysTheSameAsJson() throws IOException {
        configure("");
        Shell shell = shell();

        shell.run("doctor", "--hosts", "hosts", "--json");

        assertThat(shell.out()).startsWith("[").contains("\"level\" : \"OK\"", "\"about\" : \"disk\"");
    }

    @Test
    void aBrokenConfigurationIsNamed() throws IOException {
        Files.writeString(directory.resolve("portway.json"), "{");
        Shell shell = shell();

        int status = shell.run("doctor");

        assertThat(status).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.out()).contains("-> ./proxy validate -c portway.json");
    }

    private Shell shell() throws IOException {
        Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        return Shell.in(directory);
    }

    private void configureAdmin(int port) throws IOException {
        Files.writeString(
                directory.resolve("portway.json"),
                "{\"proxy\": {\"port\": 0, \"admin\": {\"port\": " + port
                        + "}}, \"routes\": {}, \"default\": {\"target\": null}}");
    }

    private void configure(String routes) throws IOException {
        Files.writeString(
                directory.resolve("portway.json"),
                "{\"proxy\": {\"port\": 0, \"admin\": {\"port\": 0}}, \"routes\": {" + routes
                        + "}, \"default\": {\"target\": null}}");
    }
}
