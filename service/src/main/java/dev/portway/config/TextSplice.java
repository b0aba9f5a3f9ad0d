package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * How to make the text before a change of the one after it, to the byte. Immutable.
 *
 * @param at where they begin to differ
 * @param length of what stands there after the change
 * @param removed what stood there before it
 */
public record TextSplice(int at, int length, String removed) {

    public TextSplice {
        requireNonNull(removed, "removed");
        if (at < 0 || length < 0) {
            throw new IllegalArgumentException("at, length: " + at + ", " + length + " (expected: 0 or more)");
        }
    }

    /** The smallest, but that it never parts the two halves of one character. */
    public static TextSplice between(String before, String after) {
        int shorter = Math.min(before.length(), after.length());
        int start = 0;
        while (start < shorter && before.charAt(start) == after.charAt(start)) {
            start++;
        }
        if (start > 0 && Character.isHighSurrogate(before.charAt(start - 1))) {
            start--;
        }
        int end = 0;
        while (end < shorter - start
                && before.charAt(before.length() - 1 - end) == after.charAt(after.length() - 1 - end)) {
            end++;
        }
        if (end > 0 && Character.isLowSurrogate(before.charAt(before.length() - end))) {
            end--;
        }
        return new TextSplice(start, after.length() - end - start, before.substring(start, before.length() - end));
    }

    /**
     * The text before the change.
     *
     * @param after it
     * @throws IllegalArgumentException if it is too short to be that
     */
    public String undone(String after) {
        if (after.length() < at + length) {
            throw new IllegalArgumentException(
                    "after: " + after.length() + " characters (expected: at least " + (at + length) + ")");
        }
        return after.substring(0, at) + removed + after.substring(at + length);
    }
}
