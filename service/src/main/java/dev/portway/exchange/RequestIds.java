package dev.portway.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Makes ids for requests: short, unique in this process, unlikely to repeat in another. Thread-safe. */
public final class RequestIds {

    private static final int RADIX = 36;
    private static final int MAX_DIGITS = 13; // of a long

    private final byte[] prefix;
    private final AtomicLong next = new AtomicLong();

    public RequestIds(RandomGenerator random) {
        String instance = Long.toString(random.nextLong(36L * 36 * 36 * 36, 36L * 36 * 36 * 36 * 36), RADIX);
        this.prefix = (instance + '-').getBytes(ISO_8859_1);
    }

    public String next() {
        byte[] id = Arrays.copyOf(prefix, prefix.length + MAX_DIGITS);
        long number = next.incrementAndGet();
        int length = prefix.length;
        for (long rest = number; rest != 0; rest /= RADIX) {
            length++;
        }
        for (int at = length - 1; at >= prefix.length; at--) {
            id[at] = (byte) Character.forDigit((int) (number % RADIX), RADIX);
            number /= RADIX;
        }
        return new String(id, 0, length, ISO_8859_1);
    }
}
