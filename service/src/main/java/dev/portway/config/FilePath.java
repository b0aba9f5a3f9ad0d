package dev.portway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of files as the configuration has them, and what is in the files. */
final class FilePath {

    private FilePath() {}

    /** The path, absolute, resolved against the configuration's folder. */
    static Path read(Cursor at, String expected) throws InvalidValueException {
        String text = at.text("a file", expected);
        if (text.isBlank()) {
            throw new InvalidValueException("is not a file", expected);
        }
        try {
            return at.folder().resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidValueException("is not a file's path", expected);
        }
    }

    /** The same of a file that may be looked at: who sends a configuration by the network may not name any. */
    static Path permitted(Cursor at, String expected) throws InvalidValueException {
        Path file = read(at, expected);
        return switch (at.files().leave(at.pointer(), at.node().textValue())) {
            case GRANTED -> file;
            case REFUSED ->
                throw new InvalidValueException(
                        "is a file, which only the configuration file itself may name",
                        "no such key here; write it into that file, which is applied when it is saved");
            case PASSED_OVER -> throw new UnseenFileException();
        };
    }

    /** The same of a file that can be read now, and is read again when it changes. */
    static Path readable(Cursor at, String expected) throws InvalidValueException {
        Path file = permitted(at, expected);
        if (!Files.isRegularFile(file)) {
            throw new InvalidValueException("is not there", expected);
        }
        if (!Files.isReadable(file)) {
            throw new InvalidValueException("cannot be read", "a file that this user may read");
        }
        return file;
    }

    /**
     * The content of the file that stands here.
     *
     * @param noun what the file is to hold, without an article: {@code token}
     * @param expected in messages: the file as it should be
     */
    static byte[] content(Cursor at, int maxBytes, String noun, String expected) throws InvalidValueException {
        Path file = permitted(at, expected);
        try {
            // Asked before it is opened: opening a pipe waits for whoever writes to it.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new InvalidValueException("is not a regular file", expected);
            }
            byte[] content;
            try (InputStream in = Files.newInputStream(file)) {
                content = in.readNBytes(maxBytes + 1);
            }
            if (content.length > maxBytes) {
                throw new InvalidValueException("is too long for a " + noun, expected);
            }
            return content;
        } catch (IOException e) {
            boolean missing = Files.notExists(file);
            throw new InvalidValueException(
                    missing ? "is not there" : "cannot be read",
                    expected + (missing ? "" : ", readable by this user") + lookedFor(at, file));
        }
    }

    private static String lookedFor(Cursor at, Path file) {
        return at.hasPlaceholder() || at.secret() ? "" : "; looked for " + file;
    }
}
