package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Portway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogsCommandTest {

    private Portway proxy;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        proxy = Portway.builder().admin(0).json("""
                        { "proxy": { "port": 0, "admin": { "port": 0 } }, "default": { "target": null }, "routes": [
                          { "id": "good", "path": "/good", "respond": { "status": 200, "body": "hi" } },
                          { "id": "bad", "path": "/bad", "respond": { "status": 503, "body": "no" } } ] }
                        """).port(0).admin(0).start();
        long ended = 0;
        for (String path : new String[] {"/good/1", "/bad/2", "/good/3?secret=x", "/none"}) {
            get(path);
            long expected = ++ended; // a moment after its client has read the answer
            await().until(() -> run("logs").lines().count() == expected);
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void printsTheLastOnesWithATabBetweenColumns() {
        Shell shell = shell();

        int status = shell.run("logs");

        assertThat(status).as(shell.err()).isZero();
        assertThat(shell.out().lines().map(line -> line.replaceFirst("^[^\\t]+", "TIME")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("TIME\\t200\\tGET\\tlocalhost:\\d+/good/1\\tgood\\t\\t[0-9.]+\\t"),
                        line -> assertThat(line).startsWith("TIME\t503\tGET\t"),
                        line -> assertThat(line).contains("/good/3\t").doesNotContain("secret"),
                        line -> assertThat(line).contains("/none\t\t\t").contains("no_route"));
    }

    @Test
    void printsThoseThatAreWanted() {
        assertThat(run("logs", "--status", "5xx").lines()).hasSize(1);
        assertThat(run("logs", "--route", "good").lines()).hasSize(2);
        assertThat(run("logs", "-n", "1", "--route", "good")).contains("/good/3");
        assertThat(run("logs", "-n", "0")).isEmpty();
        assertThat(run("logs", "--json", "--route", "bad"))
                .contains("\"path\":\"/bad/2\"")
                .doesNotContain("\n ");
    }

    @Test
    void saysWhatIsNoStatusInOneLine() {
        Shell shell = shell();

        assertThat(shell.run("logs", "--status", "9xx")).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err()).startsWith("error: status: 9xx (expected: such as 5xx, 404 or 400-499)");
        assertThat(shell.run("logs", "-n", "2000")).isEqualTo(CommandLineTool.FAILED);
    }

    @Test
    void isALineForPeopleAtATerminal() {
        Shell shell = shell().interactive();

        shell.run("logs", "--route", "bad");

        assertThat(shell.out())
                .matches("\\d\\d:\\d\\d:\\d\\d[.]\\d{3}  503  GET  localhost:\\d+/bad/2  bad  \\d+ ms\\R");
    }

    @Test
    void followsUntilNobodyReads() throws Exception {
        StringWriter seen = new StringWriter();
        Closable out = new Closable(seen);
        Thread following = new Thread(() -> new CommandLineTool(
                        request -> {
                            throw new IllegalStateException();
                        },
                        new Terminal(
                                new PrintWriter(out, true),
                                new PrintWriter(new StringWriter(), true),
                                false,
                                false,
                                0,
                                Map.of("PORTWAY_ADMIN", admin())::get,
                                directory))
                .run("logs", "-f", "-n", "1", "--route", "good"));
        following.start();
        await().until(() -> seen.toString().contains("/good/3"));

        get("/bad/no");
        get("/good/later");

        await().until(() -> seen.toString().contains("/good/later"));
        assertThat(seen.toString()).doesNotContain("/good/1", "/bad");
        out.broken = true;
        get("/good/last");
        following.join(Duration.ofSeconds(10).toMillis());
        assertThat(following.isAlive()).isFalse();
    }

    private String run(String... arguments) {
        Shell shell = shell();
        assertThat(shell.run(arguments)).as(shell.err()).isZero();
        return shell.out();
    }

    private Shell shell() {
        return Shell.in(directory).with("PORTWAY_ADMIN", admin());
    }

    private String admin() {
        return proxy.adminUrl().orElseThrow().toString();
    }

    private void get(String path) throws IOException {
        URL url = URI.create(proxy.url() + path).toURL();
        ((HttpURLConnection) url.openConnection()).getResponseCode();
    }

    /** A pipe that somebody may stop reading. */
    private static final class Closable extends Writer {

        private final Writer behind;
        private volatile boolean broken; // written by the test, read by the command

        Closable(Writer behind) {
            this.behind = behind;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            if (broken) {
                throw new IOException("broken pipe");
            }
            behind.write(text, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
