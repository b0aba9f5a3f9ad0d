package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileWatcherTest {

    private static final String BROKEN = "{";

    /** What each reaction read; what is {@link #BROKEN} cannot be used. */
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final List<String> reported = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private Path file;
    private FileWatcher watcher;

    @BeforeEach
    void watch() throws Exception {
        file = folder.resolve("config.json");
        Files.writeString(file, "first");
        start(file);
    }

    @AfterEach
    void stop() throws Exception {
        watcher.stop();
    }

    @Test
    void looksOnceWhenItStarts() throws Exception {
        assertThat(next()).isEqualTo("first");
    }

    @ParameterizedTest
    @EnumSource
    void noticesEveryWayToSave(Save save) throws Exception {
        assertThat(next()).isEqualTo("first");

        save.save(file, "other");

        assertThat(next()).isEqualTo("other");
        assertThat(reported).isEmpty();
    }

    @Test
    void noticesThatAFolderOnTheWayIsAnother() throws Exception {
        Path before = Files.createDirectory(folder.resolve("..2026_01"));
        Path after = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(before.resolve("config.json"), "mounted");
        Files.writeString(after.resolve("config.json"), "mounted again");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), before.getFileName());
        Path link = folder.resolve("link.json");
        Files.createSymbolicLink(link, Path.of("..data", "config.json"));
        watcher.stop();
        seen.clear();
        start(link);
        assertThat(next()).isEqualTo("mounted");

        Path other = Files.createSymbolicLink(folder.resolve("..data_tmp"), after.getFileName());
        Files.move(other, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("mounted again");
    }

    @Test
    void reportsContentThatStaysBroken() throws Exception {
        assertThat(next()).isEqualTo("first");

        Files.writeString(file, BROKEN);

        await().untilAsserted(() -> assertThat(reported).containsExactly(BROKEN));
    }

    @Test
    void reportsAFileThatStaysAway() throws Exception {
        assertThat(next()).isEqualTo("first");

        Files.delete(file);

        await().untilAsserted(() -> assertThat(reported).containsExactly("none"));
        Files.writeString(file, "back");
        await().untilAsserted(() -> assertThat(seen).contains("back"));
    }

    @Test
    void saysNothingOfAHalfWrittenFileThatIsWholeRightAfter() throws Exception {
        assertThat(next()).isEqualTo("first");

        Files.writeString(file, BROKEN);
        assertThat(next()).isEqualTo(BROKEN);
        Files.writeString(file, "whole");

        assertThat(next()).isEqualTo("whole");
        assertThat(reported).isEmpty();
    }

    @Test
    void outlivesAReactionThatFails() throws Exception {
        assertThat(next()).isEqualTo("first");

        Files.writeString(file, "throw");
        assertThat(next()).isEqualTo("throw");
        Files.writeString(file, "other");

        assertThat(next()).isEqualTo("other");
    }

    @Test
    void sleepsWhileNothingChanges() throws Exception {
        assertThat(next()).isEqualTo("first");

        Files.setLastModifiedTime(file, FileTime.fromMillis(0));

        assertThat(seen.poll(700, TimeUnit.MILLISECONDS)).isNull();
    }

    private void start(Path path) {
        watcher = new FileWatcher(path, settled -> react(path, settled));
        watcher.start();
    }

    private boolean react(Path path, boolean settled) {
        String content = read(path);
        seen.add(content);
        if (content.equals("throw")) {
            throw new IllegalStateException("a reaction's own");
        }
        boolean usable = !content.equals(BROKEN) && !content.equals("none");
        if (settled && !usable) {
            reported.add(content);
        }
        return usable;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return "none";
        }
    }

    private String next() throws InterruptedException {
        String content = seen.poll(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
        return content == null ? "nothing" : content;
    }

    /** Ways in which editors and scripts save. */
    private enum Save {
        MOVE_OVER {
            @Override
            void save(Path file, String text) throws IOException {
                Path other = Files.writeString(file.resolveSibling("4913"), text);
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        TRUNCATE_AND_WRITE {
            @Override
            void save(Path file, String text) throws IOException {
                Files.writeString(file, text);
            }
        },
        WRITE_BYTE_BY_BYTE {
            @Override
            void save(Path file, String text) throws IOException {
                try (OutputStream out = Files.newOutputStream(file)) {
                    for (byte b : text.getBytes(UTF_8)) {
                        out.write(b);
                    }
                }
            }
        },
        DELETE_AND_MAKE_ANEW {
            @Override
            void save(Path file, String text) throws IOException {
                Files.delete(file);
                Files.writeString(file, text);
            }
        },
        RENAME_AWAY_AND_MAKE_ANEW {
            @Override
            void save(Path file, String text) throws IOException {
                Files.move(file, file.resolveSibling("config.json~"));
                Files.writeString(file, text);
            }
        },
        WRITE_WITH_THE_OLD_TIME {
            @Override
            void save(Path file, String text) throws IOException {
                FileTime time = Files.getLastModifiedTime(file);
                Files.writeString(file, text);
                Files.setLastModifiedTime(file, time);
            }
        };

        abstract void save(Path file, String text) throws IOException;
    }
}
