package dev.portway.config;

/** Classes of ASCII characters; {@link Character} would take the digits and letters of every script. */
final class Ascii {

    private Ascii() {}

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlphanumeric(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Whether there is something, and it is digits. */
    static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(Ascii::isDigit);
    }

    /** The value of a hexadecimal digit; -1 for any other character. */
    static int hex(int c) {
        if (isDigit(c)) {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The value of the percent-encoded octet that begins at an index; -1 if none does. */
    static int unescape(String text, int at) {
        if (at + 2 >= text.length() || text.charAt(at) != '%') {
            return -1;
        }
        int high = hex(text.charAt(at + 1));
        int low = hex(text.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** A port in digits; -1 for anything else. */
    static int port(String text) {
        int port = isDigits(text) && text.length() <= 5 ? Integer.parseInt(text) : -1;
        return port >= 1 && port <= 65535 ? port : -1;
    }
}
