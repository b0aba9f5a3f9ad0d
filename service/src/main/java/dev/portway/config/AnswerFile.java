package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * A file that is an answer; the {@code file} of {@code respond}. Immutable.
 *
 * @param name as the configuration has it, by whose end its media type is known
 * @param content as it was when the configuration was read, read-only; its position does not move
 */
public record AnswerFile(String name, ByteBuffer content) {

    /** All of them are kept in memory, so none is large. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final String EXPECTED = "a file of at most 1 MiB, relative to the configuration's folder";

    public AnswerFile {
        requireNonNull(name, "name");
        content = content.asReadOnlyBuffer();
    }

    static AnswerFile read(Cursor at) throws InvalidValueException {
        return new AnswerFile(
                at.text("a file", EXPECTED),
                ByteBuffer.wrap(FilePath.content(at, MAX_BYTES, "fixed answer", EXPECTED)));
    }
}
