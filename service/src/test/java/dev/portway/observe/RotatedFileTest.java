package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RotatedFileTest {

    private static final int LINES = 100;

    @TempDir
    private Path folder;

    @Test
    void losesNoLineBySettingAFileAside() throws Exception {
        Path file = folder.resolve("access.log");

        write(new RotatedFile(file, new Rotation(10_000, 2, 10_000_000)));

        List<Path> archives = archives();
        assertThat(archives).hasSizeGreaterThan(5);
        long lines = linesOf(Files.readString(file));
        for (Path archive : archives) {
            try (InputStream content = new GZIPInputStream(Files.newInputStream(archive))) {
                lines += linesOf(new String(content.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }
        assertThat(lines).isEqualTo(LINES);
        assertThat(Files.size(file)).isLessThan(12_000);
    }

    @Test
    void keepsABoundedAmountOfWhatWasSetAsideAtTheLatestWhenItIsOpenedAgain() throws Exception {
        long cap = 20_000;

        Path file = folder.resolve("access.log");
        write(new RotatedFile(file, new Rotation(10_000, 2, cap)));

        RotatedFile reopened = new RotatedFile(file, new Rotation(10_000, 2, cap));
        await().until(() ->
                archives().stream().mapToLong(RotatedFileTest::sizeOf).sum() <= cap);
        reopened.close();
    }

    @Test
    void goesOnBehindWhatIsThereAlready() throws Exception {
        Path file = folder.resolve("a/b/access.log");
        for (String line : List.of("first\n", "second\n")) {
            RotatedFile sink = new RotatedFile(file, Rotation.DEFAULT);
            sink.write((line + "beyond the length").getBytes(StandardCharsets.US_ASCII), line.length());
            sink.close();
        }

        assertThat(file).hasContent("first\nsecond\n");
    }

    @Test
    void saysAtOnceThatAFileCannotBeWritten() throws Exception {
        Path occupied = Files.createDirectory(folder.resolve("access.log"));

        assertThatIOException()
                .isThrownBy(() -> new RotatedFile(occupied, Rotation.DEFAULT))
                .withMessage("cannot write " + occupied);
    }

    @Test
    void namesFilesAfterTheOneThatIsWritten() {
        assertThat(Rotation.accessFile(Path.of("/var/log/portway.log"))).hasToString("/var/log/portway.access.log");
        assertThat(Rotation.accessFile(Path.of("/var/log.d/portway"))).hasToString("/var/log.d/portway.access");
        assertThat(Rotation.DEFAULT.archivePattern(Path.of("/var/log/portway.log")))
                .isEqualTo("/var/log/portway.%d{yyyy-MM-dd}.%i.log.gz");
    }

    /** No faster than files can be compressed, as it is with files of the size they have in earnest. */
    private void write(RotatedFile sink) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < LINES; i++) {
            StringBuilder line = new StringBuilder();
            while (line.length() < 999) {
                line.append((char) ('0' + random.nextInt(75)));
            }
            sink.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII), 1_000);
            if (!ending(".tmp").isEmpty()) {
                await().pollInterval(Duration.ofMillis(2))
                        .until(() -> ending(".tmp").isEmpty());
            }
        }
        sink.close();
    }

    private static long linesOf(String text) {
        return text.lines().count();
    }

    private List<Path> archives() throws IOException {
        return ending(".gz");
    }

    private List<Path> ending(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
