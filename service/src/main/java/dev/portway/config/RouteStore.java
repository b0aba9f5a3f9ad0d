package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration is kept: the user's own file, read whole and replaced whole; or a text in memory, for a proxy
 * that another program starts without one. Not thread-safe: the registry's lock guards it.
 */
public final class RouteStore {

    private static final Path NO_FILE = Path.of("configuration in memory").toAbsolutePath();

    private final Path file;
    private final ConfigFormat format;
    private final ConfigReader reader;
    private final FileReplacer replacer;
    private final LeaseJournal leases;
    private final HistoryJournal history;
    private @Nullable String memory; // null where there is a file

    /**
     * A store over one file.
     *
     * @param file as the user named it; links are followed anew each time, so they may be pointed elsewhere
     */
    public RouteStore(Path file, ConfigReader reader) {
        this(file, reader, new FileReplacer());
    }

    RouteStore(Path file, ConfigReader reader, FileReplacer replacer) {
        this(file, reader, replacer, null);
    }

    private RouteStore(Path file, ConfigReader reader, FileReplacer replacer, @Nullable String memory) {
        this.memory = memory;
        this.file = requireNonNull(file, "file");
        this.format = memory == null ? ConfigFormat.of(file) : ConfigFormat.JSON;
        this.reader = requireNonNull(reader, "reader");
        this.replacer = requireNonNull(replacer, "replacer");
        this.leases = new LeaseJournal(memory == null ? file : null, replacer);
        this.history = new HistoryJournal(memory == null ? file : null, replacer);
    }

    /**
     * A store without a file, lost with the process.
     *
     * @param text JSON; relative paths within are resolved against the working directory
     */
    public static RouteStore inMemory(String text, ConfigReader reader) {
        return new RouteStore(NO_FILE, reader, new FileReplacer(), requireNonNull(text, "text"));
    }

    /** The file; where there is none, a name beside which relative paths are looked for. */
    public Path file() {
        return file;
    }

    /** Whether it is a file that others may edit too. */
    public boolean onDisk() {
        return memory == null;
    }

    public ConfigFormat format() {
        return format;
    }

    /** What is kept of leases beside the file. */
    public LeaseJournal leases() {
        return leases;
    }

    /** What is kept of the last changes beside the file. */
    public HistoryJournal history() {
        return history;
    }

    /** Clears up what a process that was killed while writing left behind. To be called once, before the first read. */
    public void recover() {
        recover(Instant.now());
    }

    void recover(Instant now) {
        FileReplacer.recover(file, now);
    }

    /**
     * The file as it is now.
     *
     * @throws IOException if it cannot be read or is not UTF-8; the message is for people
     */
    public ConfigDocument read() throws IOException {
        return document(text());
    }

    /**
     * The file's text as it is now, a byte order mark included.
     *
     * @throws IOException as for {@link #read}
     */
    public String text() throws IOException {
        if (memory != null) {
            return memory;
        }
        try {
            return decode(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException("the file is not there", e);
        }
    }

    /** What the file would say if it had this text. */
    public ConfigDocument document(String text) {
        return document(text, NamedFiles.ANY);
    }

    /** The same where it may not name any file. */
    public ConfigDocument document(String text, NamedFiles files) {
        return new ConfigDocument(text, format, reader.read(text, format, file, files));
    }

    /**
     * Replaces the content, durably where there is a file, or changes nothing.
     *
     * @param expected what the file says now
     * @return false, with nothing changed, if somebody else changed the file meanwhile
     */
    public boolean save(ConfigDocument expected, ConfigDocument next) throws IOException {
        if (memory != null) {
            memory = next.text();
            return true;
        }
        return replacer.replace(file, encode(expected), encode(next));
    }

    private static byte[] encode(ConfigDocument document) {
        return document.text().getBytes(StandardCharsets.UTF_8);
    }

    /** Strict, so that encoding gives back every byte. */
    private static String decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new IOException(notUtf8(bytes, in.position()));
        }
        return out.flip().toString();
    }

    private static String notUtf8(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return "line " + line + " holds the byte 0x" + String.format("%02X", bytes[position])
                + ", which is not UTF-8 (expected: the file saved as UTF-8)";
    }
}
