package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a process that writes, again and again: what it leaves can be started with. */
class RouteStoreKillTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"replaced, 8", "in-place, 8"})
    void aKilledProcessLeavesAFileThatStarts(String how, int kills) throws Exception {
        Path file = Files.writeString(folder.resolve("config.json"), KilledWriter.text(1));
        RouteStore store = new RouteStore(file, new ConfigReader(name -> null));
        Random dice = new Random();
        Process next = writer(file, how);

        for (int i = 0; i < kills; i++) {
            Process process = next;
            next = writer(file, how); // starts, and waits, while the other one writes
            killWhileWriting(process, dice.nextInt(60));
            if (how.equals("replaced")) {
                assertThat(JsonText.parses(Files.readString(file))).isTrue();
            }
            store.recover();
            assertThat(JsonText.parses(store.text())).isTrue();
        }
        next.destroyForcibly().waitFor();
        store.recover(Instant.now().plus(LeftoverFiles.LEFT).plusSeconds(1));

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .isSubsetOf("config.json", "config.json.portway-backup");
        }
    }

    @Test
    void theTextsThatAreWrittenAreValid() {
        for (int i = 0; i < 7; i++) {
            assertThat(JsonText.parses(KilledWriter.text(i))).isTrue();
        }
    }

    /** One that writes as soon as it is told to. */
    private static Process writer(Path file, String how) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        file.toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void killWhileWriting(Process process, int millis) throws Exception {
        try (BufferedReader out = process.inputReader(UTF_8);
                OutputStream in = process.getOutputStream()) {
            in.write('\n');
            in.flush();
            assertThat(out.lines().anyMatch("writing"::equals)).isTrue();
            boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
            assertThat(ended).isFalse();
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
