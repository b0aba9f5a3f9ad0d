package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RouteStoreTest {

    private static final String OLD = "{\"routes\": [], \"note\": \"w\u00fcrfel \uD83C\uDFB2\"}";
    private static final String NEW = "{\"routes\": []}";

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("config.json"), OLD);
    }

    @Test
    void readsEveryByteAsItIs() throws Exception {
        Files.writeString(file, "\uFEFF" + OLD + "\r\n\t");

        assertThat(store().text()).isEqualTo("\uFEFF" + OLD + "\r\n\t");
    }

    @Test
    void replacesTheFileAndLeavesNothingBeside() throws Exception {
        assertThat(store().save(document(OLD), document(NEW))).isTrue();

        assertThat(file).hasContent(NEW);
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    void changesNothingIfSomebodyElseDid() throws Exception {
        Files.writeString(file, "{\"hand\": \"edited\"}");

        assertThat(store().save(document(OLD), document(NEW))).isFalse();

        assertThat(file).hasContent("{\"hand\": \"edited\"}");
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void keepsTheMode() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        store().save(document(OLD), document(NEW));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void grantsNothingToAnotherGroupThanTheFilesOwn() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        FileReplacer keepingItsGroup = new FileReplacer(elsewhere) {
            @Override
            void setGroup(PosixFileAttributeView target, PosixFileAttributes given, PosixFileAttributes wanted)
                    throws IOException {
                throw new AccessDeniedException("not a member");
            }
        };

        keepingItsGroup.replace(file, Files.readAllBytes(file), "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(file).hasContent("{}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw----r--");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void followsLinksToTheFileAndKeepsThem() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.move(file, real.resolve("portway.json"));
        Path middle = Files.createSymbolicLink(folder.resolve("middle"), Path.of("real", "portway.json"));
        Path link = Files.createSymbolicLink(file, middle.getFileName());

        store().save(document(OLD), document(NEW));

        assertThat(real.resolve("portway.json")).hasContent(NEW);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.isSymbolicLink(middle)).isTrue();
        assertThat(real.toFile().list()).containsExactly("portway.json");
    }

    @Test
    void writesInPlaceWhereTheFileCannotBeReplaced() throws Exception {
        Object identity = identity(file);
        RouteStore store = store(new FileReplacer() {
            @Override
            void move(Path from, Path to) throws IOException {
                throw new FileSystemException(to.toString(), null, "Device or resource busy");
            }
        });

        assertThat(store.save(document(OLD), document(NEW))).isTrue();

        assertThat(file).hasContent(NEW);
        assertThat(identity(file)).isEqualTo(identity);
        assertThat(folder.resolve("config.json.portway-backup")).hasContent(OLD);
        assertThat(names()).containsExactlyInAnyOrder("config.json", "config.json.portway-backup");
    }

    @Test
    void aFileThatIsLeftHalfWrittenIsWholeAfterTheNextStart() throws Exception {
        RouteStore store = store(new FileReplacer() {
            @Override
            void move(Path from, Path to) throws IOException {
                throw new FileSystemException(to.toString(), null, "Device or resource busy");
            }

            @Override
            void overwrite(FileChannel channel, byte[] content) throws IOException {
                channel.truncate(1);
                throw new IOException("No space left on device");
            }
        });

        assertThatThrownBy(() -> store.save(document(OLD), document(NEW))).hasMessage("No space left on device");
        assertThat(Files.size(file)).isEqualTo(1);

        store().recover();

        assertThat(file).hasContent(OLD);
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    void writesInPlaceWhereTheFolderTakesNoOtherFile() throws Exception {
        RouteStore store = store(new ReadOnlyFolder(elsewhere));

        assertThat(store.save(document(OLD), document(NEW))).isTrue();
        assertThat(store.save(document(NEW), document(OLD))).isTrue();

        assertThat(file).hasContent(OLD);
        assertThat(names()).containsExactly("config.json");
        assertThat(elsewhere.toFile().listFiles())
                .singleElement()
                .satisfies(backup -> assertThat(backup).hasContent(NEW));
    }

    @Test
    void checksInPlaceToo() throws Exception {
        Files.writeString(file, "{\"hand\": \"edited\"}");

        assertThat(store(new ReadOnlyFolder(elsewhere)).save(document(OLD), document(NEW)))
                .isFalse();
        assertThat(store(new NoAtomicMove()).save(document(OLD), document(NEW))).isFalse();

        assertThat(file).hasContent("{\"hand\": \"edited\"}");
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    void saysWhatCannotBeRead() throws Exception {
        Files.delete(file);

        assertThatThrownBy(() -> store().text()).isInstanceOf(IOException.class).hasMessage("the file is not there");
    }

    @Test
    void clearsUpWhatNobodyCanBeWritingAnyMore() throws Exception {
        Path old = Files.writeString(LeftoverFiles.temporary(file), "{");
        Path ofAnEarlierVersion = Files.writeString(folder.resolve(".config.json.1.portway-tmp"), "{");
        Path foreign = Files.writeString(folder.resolve(".config.json.more.1.portway-tmp"), "{");
        Path other = Files.writeString(folder.resolve(".other.json.1.portway-tmp"), "{");
        Path nameless = Files.writeString(folder.resolve(".config.json.portway-tmp"), "{");
        Instant later = Instant.now().plus(LeftoverFiles.LEFT).plusSeconds(5);
        Path underWay = Files.writeString(LeftoverFiles.temporary(file), "{");
        Files.setLastModifiedTime(underWay, FileTime.from(later.minusSeconds(1)));

        store().recover(later);

        assertThat(List.of(old, ofAnEarlierVersion)).noneMatch(Files::exists);
        assertThat(List.of(underWay, foreign, other, nameless)).allMatch(Files::exists);
        assertThat(file).hasContent(OLD);
    }

    @Test
    void clearsUpWhileAnotherProcessMovesItsFile() throws Exception {
        Path moved = LeftoverFiles.temporary(file);
        Path old = Files.writeString(LeftoverFiles.temporary(file), "{");
        Instant later = Instant.now().plus(LeftoverFiles.LEFT).plusSeconds(5);

        LeftoverFiles.removeLeft(List.of(moved, old), file, later);

        assertThat(old).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeReadToItsEndIsAnIOException() {
        IOException broken = new IOException("the disk is broken");
        Iterable<Path> siblings = () -> {
            throw new DirectoryIteratorException(broken);
        };

        assertThatThrownBy(() -> LeftoverFiles.removeLeft(siblings, file, Instant.now()))
                .isSameAs(broken);
    }

    /** In each of two containers on one volume the proxy is process 1. */
    @Test
    void twoProcessesOfOneNumberWriteBesideEachOther() throws Exception {
        List<Path> moved = new ArrayList<>();
        FileReplacer interrupted = new FileReplacer() {
            @Override
            void move(Path from, Path to) throws IOException {
                moved.add(from);
                new FileReplacer().writeBeside(file, folder.resolve("leases"), bytes("theirs"));
                store().recover();
                super.move(from, to);
            }
        };

        assertThat(interrupted.replace(file, bytes(OLD), bytes(NEW))).isTrue();

        assertThat(file).hasContent(NEW);
        assertThat(folder.resolve("leases")).hasContent("theirs");
        assertThat(moved).hasSize(1);
        assertThat(names()).containsExactlyInAnyOrder("config.json", "leases");
    }

    @Test
    void putsTheOldContentBackIntoAHalfWrittenFile() throws Exception {
        Files.writeString(file, NEW.substring(0, 5) + OLD.substring(5, 20));
        Files.writeString(LeftoverFiles.pending(file), OLD);

        store().recover();

        assertThat(file).hasContent(OLD);
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    void leavesAFileThatIsWholeAlone() throws Exception {
        Files.writeString(file, NEW);
        Files.writeString(LeftoverFiles.pending(file), OLD);

        store().recover();

        assertThat(file).hasContent(NEW);
        assertThat(names()).containsExactly("config.json");
    }

    @Test
    void recoversNothingWhereThereIsNoFile() throws Exception {
        Files.delete(file);

        store().recover();

        assertThat(names()).isEmpty();
    }

    static ConfigDocument document(String text) {
        ReadResult nothing = new ReadResult(null, JsonNodeFactory.instance.objectNode(), List.of(), List.of());
        return new ConfigDocument(text, ConfigFormat.JSON, nothing);
    }

    private RouteStore store() {
        return store(new FileReplacer());
    }

    private RouteStore store(FileReplacer replacer) {
        return new RouteStore(file, new ConfigReader(name -> null), replacer);
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, "fileKey");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** As a folder does that is mounted read-only around a file that is not. */
    private static final class ReadOnlyFolder extends FileReplacer {

        ReadOnlyFolder(Path elsewhere) {
            super(elsewhere);
        }

        @Override
        FileChannel create(Path path) throws IOException {
            throw new AccessDeniedException(path.toString());
        }
    }

    /** As some network mounts do. */
    static final class NoAtomicMove extends FileReplacer {
        @Override
        void move(Path from, Path to) throws IOException {
            throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "for a test");
        }
    }
}
