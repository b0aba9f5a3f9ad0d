package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenFileTest {

    @TempDir
    Path folder;

    @Test
    void takesATokenOfEightKibibytes() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a".repeat(8191) + "\n");

        assertThat(read(file).errors()).isEmpty();
    }

    @Test
    void refusesALongerFile() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a".repeat(8192) + "\n");

        assertRefused(file, "this value is too long for a token");
    }

    @Test
    void refusesAFolder() {
        assertRefused(folder, "this value is not a regular file");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertRefused(folder.resolve("none"), "this value is not there");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void refusesADeviceWithoutEnd() {
        assertRefused(Path.of("/dev/zero"), "this value is not a regular file");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void refusesAPipeWithoutWaitingForItsWriter() throws Exception {
        Path pipe = folder.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
        assertThat(pipe).exists();

        assertRefused(pipe, "this value is not a regular file");
    }

    private static void assertRefused(Path file, String complaint) {
        assertThat(read(file).errors()).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/proxy/admin/token/file");
            assertThat(problem.message()).startsWith(complaint);
        });
    }

    private static ReadResult read(Path file) {
        return ValidConfigs.read("""
                {
                  "proxy": { "port": 0, "admin": { "token": { "file": "%s" } } },
                  "routes": [],
                  "default": { "target": null }
                }
                """.formatted(file.toString().replace("\\", "\\\\")));
    }
}
