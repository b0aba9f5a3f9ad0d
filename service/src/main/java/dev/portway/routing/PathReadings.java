package dev.portway.routing;

import com.google.common.base.CharMatcher;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * How backends may read a path that is not plain: decoded once more or several times, a backslash as a slash, several
 * slashes as one, what follows a {@code ;} in a segment left out, control characters dropped and blanks around a segment and dots
 * at its end, cut at a NUL or an escaped {@code ?}, in small letters. A rule that keeps people out of a prefix must hold for each of them, since the
 * proxy cannot know which reading the backend's is.
 */
public final class PathReadings {

    /** What is longer, and not plain, takes too long to be read in all ways by a thread that has other requests. */
    static final int MAX_LENGTH = 2048;

    private static final int DECODINGS = 3;
    private static final String UNPLAIN = "%;\\";
    private static final CharMatcher CONTROLS =
            CharMatcher.inRange('\0', '\u001F').or(CharMatcher.is('\u007F'));

    private PathReadings() {}

    /** Whether {@code path} is so long, and not plain, that nobody should say how a backend reads it. */
    public static boolean obscure(String path) {
        return path.length() > MAX_LENGTH && !plain(path.toLowerCase(Locale.ROOT));
    }

    /**
     * Every reading, all of them in small letters, the path itself among them.
     *
     * @param path normalised by {@link RequestPath#normalize}, and not {@link #obscure}
     */
    public static Set<String> of(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        Set<String> readings = new LinkedHashSet<>();
        if (plain(lower)) {
            readings.add(lower);
            return readings;
        }
        Set<String> decoded = Set.of(lower); // in several ways: what is behind a ';' may go before or after
        for (int i = 0; i <= DECODINGS; i++) {
            Set<String> next = new LinkedHashSet<>();
            for (String form : decoded) {
                addForms(form, readings);
                next.add(decodedOnce(form));
                next.add(decodedOnce(bare(form, false)));
            }
            next.removeAll(decoded);
            decoded = next;
        }
        return readings;
    }

    /** A prefix as {@link #of readings} have it: decoded, in small letters. */
    static String folded(String prefix) {
        String folded = prefix.toLowerCase(Locale.ROOT);
        for (int i = 0; i < DECODINGS; i++) {
            folded = decodedOnce(folded);
        }
        return folded;
    }

    private static String decodedOnce(String path) {
        return path.indexOf('%') < 0 ? path : decode(path).toLowerCase(Locale.ROOT);
    }

    /** Whether the path is {@code prefix} or below it in any reading. */
    public static boolean under(String prefix, Set<String> readings) {
        String folded = folded(prefix);
        for (String reading : readings) {
            if (folded.equals("/")
                    || (reading.startsWith(folded)
                            && (reading.length() == folded.length() || reading.charAt(folded.length()) == '/'))) {
                return true;
            }
        }
        return false;
    }

    private static boolean plain(String path) {
        boolean slash = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean second = slash && c == '/';
            boolean ending = c == '.' && (i + 1 == path.length() || path.charAt(i + 1) == '/');
            if (second || ending || UNPLAIN.indexOf(c) >= 0) {
                return false;
            }
            slash = c == '/';
        }
        return true;
    }

    private static void addForms(String path, Set<String> readings) {
        String slashes = path.replace('\\', '/');
        for (String form : new String[] {slashes, bare(slashes, false), bare(slashes, true)}) {
            String single = single(form);
            readings.add(form);
            readings.add(single);
            readings.add(dots(form));
            readings.add(dots(single));
        }
    }

    /** One step of decoding, bytes taken for characters; two bytes that say an ASCII character are taken for that. */
    private static String decode(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            int value = path.charAt(i) == '%' ? escaped(path, i) : -1;
            if (value < 0) {
                out.append(path.charAt(i));
                continue;
            }
            i += 2;
            int second = (value & 0xFE) == 0xC0 && i + 1 < path.length() && path.charAt(i + 1) == '%'
                    ? escaped(path, i + 1)
                    : -1;
            if ((second & 0xC0) == 0x80 && second >= 0) {
                value = ((value & 1) << 6) | (second & 0x3F);
                i += 3;
            }
            out.append((char) value);
        }
        return out.toString();
    }

    private static int escaped(String path, int percent) {
        if (percent + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(percent + 1), 16);
        int low = Character.digit(path.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    /**
     * Without what a segment has behind its {@code ;}, and if {@code tidy} {@link #tidied}, and up to a NUL or '?'.
     */
    private static String bare(String path, boolean tidy) {
        StringBuilder out = new StringBuilder(path.length());
        for (int from = 0; from < path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            int end = from;
            while (end < to && (tidy ? ";\0?#" : ";").indexOf(path.charAt(end)) < 0) {
                end++;
            }
            boolean cut = end < to && path.charAt(end) != ';';
            String segment = path.substring(from, end);
            out.append(tidy && !segment.equals(".") && !segment.equals("..") ? tidied(segment) : segment);
            if (cut || slash < 0) {
                break;
            }
            out.append('/');
            from = slash + 1;
        }
        return out.toString();
    }

    /** As those have it that strip what they read; a parser of URLs drops tabs and line ends wherever they are. */
    private static String tidied(String segment) {
        String visible = CONTROLS.removeFrom(segment);
        int end = visible.length();
        while (end > 0 && (visible.charAt(end - 1) == '.' || blank(visible.charAt(end - 1)))) {
            end--;
        }
        int begin = 0;
        while (begin < end && blank(visible.charAt(begin))) {
            begin++;
        }
        return visible.substring(begin, end);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\u00A0';
    }

    private static String single(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Dot segments resolved; those above the root lead nowhere. */
    private static String dots(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int from = 1; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String segment = path.substring(from, to);
            if (segment.equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segment.equals(".")) {
                out.append('/').append(segment);
            }
            if (slash < 0) {
                break;
            }
            from = slash + 1;
        }
        return out.length() == 0 ? "/" : out.toString();
    }
}
