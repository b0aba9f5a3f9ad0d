package dev.portway.config;

import java.util.Locale;

/** The words of HTTP: methods and names of fields (RFC 9110, section 5.6.2). */
final class Token {

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private Token() {}

    static boolean is(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> Ascii.isAlphanumeric(c) || MARKS.indexOf(c) >= 0);
    }

    /** A method, in upper case. */
    static String method(Cursor at) throws InvalidValueException {
        String method = at.text("a method", "such as \"GET\"");
        if (!is(method)) {
            throw new InvalidValueException("is not a method", "such as \"GET\"");
        }
        String upper = method.toUpperCase(Locale.ROOT);
        if (!method.equals(upper)) {
            throw new InvalidValueException(
                    "is not in upper case", at.hasPlaceholder() ? "the same in upper case" : '"' + upper + '"');
        }
        return method;
    }
}
