package dev.portway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process under test, the launcher or a shell, with what it printed. Closing it ends it. */
final class Launched implements AutoCloseable {

    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private Launched(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Runs {@code ./proxy ARGUMENTS} in a directory, with the Java that runs this test. */
    static Launched proxy(Path directory, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(REPOSITORY.resolve("proxy").toString()));
        command.addAll(List.of(arguments));
        return command(directory, Map.of(), command);
    }

    static Launched command(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        return start(
                directory,
                environment,
                command,
                ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    /** The same, with something to {@link #type}. */
    static Launched typed(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        return start(directory, environment, command, ProcessBuilder.Redirect.PIPE);
    }

    private static Launched start(
            Path directory, Map<String, String> environment, List<String> command, ProcessBuilder.Redirect in)
            throws IOException {
        Path out = Files.createTempFile("launched", ".out");
        Path err = Files.createTempFile("launched", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new Launched(builder.start(), out, err);
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    void type(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(US_ASCII));
        in.flush();
    }

    /** Waits until a line of stdout matches, and gives the match. */
    Matcher awaitLine(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(process.isAlive() || pattern.matcher(out()).find())
                    .as("ended early: %s%s", out(), err())
                    .isTrue();
            return pattern.matcher(out()).find();
        });
        Matcher matcher = pattern.matcher(out());
        assertThat(matcher.find()).isTrue();
        return matcher;
    }

    /** Waits until it has ended by itself, and gives the exit status. */
    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("still running: %s%s", out(), err())
                .isTrue();
        return process.exitValue();
    }

    /** Asks it to end, as Ctrl-C and process supervisors do, and waits until it has. */
    void terminate() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
