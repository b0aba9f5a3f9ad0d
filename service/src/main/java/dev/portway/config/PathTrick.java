package dev.portway.config;

/** What a path may have in it to be read by the backend otherwise than by the proxy. */
public enum PathTrick {
    /** {@code .} and {@code ..}, however they are written, also where an encoded slash or a backslash parts them. */
    DOT_SEGMENTS("dot-segments"),
    DOUBLE_SLASHES("double-slashes"),
    /** {@code %2F}, which is part of a segment here. */
    ENCODED_SLASHES("encoded-slashes"),
    /** As such, or as {@code %5C}. */
    BACKSLASHES("backslashes");

    private static final String EXPECTED = "dot-segments, double-slashes, encoded-slashes or backslashes";

    private final String written;

    PathTrick(String written) {
        this.written = written;
    }

    /** As the file has it. */
    public String written() {
        return written;
    }

    static PathTrick read(Cursor at) throws InvalidValueException {
        String text = at.text("something in a path", EXPECTED);
        for (PathTrick trick : values()) {
            if (trick.written.equals(text)) {
                return trick;
            }
        }
        throw new InvalidValueException("is not something in a path", EXPECTED);
    }
}
