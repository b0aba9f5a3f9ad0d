package dev.portway.policy.limit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * The field that tells what one limit has left. The same is said again and again, so what was said last is kept, in a number
 * that does not grow. Thread-safe.
 */
final class LeftField {

    static final String NAME = "RateLimit";

    private static final int KEPT = 256;
    private static final int MAX_DIGITS = 19;

    private final byte[] begin;

    // Written by any thread, of which one may miss what another wrote: then it writes the same once more.
    private final @Nullable Said[] said = new Said[KEPT];

    /** @param name of the limit, quoted */
    LeftField(String name) {
        this.begin = (name + ";r=").getBytes(ISO_8859_1);
    }

    /**
     * The field.
     *
     * @param left requests, not negative
     * @param seconds until there are more; negative where nobody can say
     */
    HttpField of(long left, long seconds) {
        int place = (int) left & (KEPT - 1);
        Said before = said[place];
        if (before != null && before.left == left && before.seconds == seconds) {
            return before.field;
        }
        HttpField field = new HttpField(null, NAME, text(left, seconds));
        said[place] = new Said(left, seconds, field);
        return field;
    }

    private String text(long left, long seconds) {
        byte[] text = Arrays.copyOf(begin, begin.length + 2 * MAX_DIGITS + 3);
        int end = number(left, text, begin.length);
        if (seconds >= 0) {
            text[end++] = ';';
            text[end++] = 't';
            text[end++] = '=';
            end = number(seconds, text, end);
        }
        return new String(text, 0, end, ISO_8859_1);
    }

    /** @return where the number ends */
    private static int number(long value, byte[] to, int from) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = from + digits - 1; i >= from; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return from + digits;
    }

    /** Final all through, so whoever sees it sees all of it. */
    private record Said(long left, long seconds, HttpField field) {}
}
