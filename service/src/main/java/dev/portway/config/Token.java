package dev.portway.config;

/** The words of HTTP: methods and names of fields (RFC 9110, section 5.6.2). */
final class Token {

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private Token() {}

    static boolean is(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> Ascii.isAlphanumeric(c) || MARKS.indexOf(c) >= 0);
    }
}
