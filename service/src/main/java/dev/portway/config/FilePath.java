package dev.portway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of files as the configuration has them. */
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
}
