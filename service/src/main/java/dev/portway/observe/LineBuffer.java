package dev.portway.observe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of log lines being built, all of them printable ASCII: what a client sent can neither end a line early nor reach
 * a terminal as a control sequence. Confined to one thread.
 */
final class LineBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final char FIRST_PRINTABLE = '!';
    private static final char LAST_PRINTABLE = '~';

    private byte[] bytes;
    private int size;

    LineBuffer(int capacity) {
        this.bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Forgets the first {@code count} bytes. */
    void discard(int count) {
        System.arraycopy(bytes, count, bytes, 0, size - count);
        size -= count;
    }

    /** Appends text that is known to be printable ASCII. */
    LineBuffer ascii(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    LineBuffer ascii(char character) {
        ensure(1);
        bytes[size++] = (byte) character;
        return this;
    }

    LineBuffer number(long value) {
        if (value < 0) {
            return value == Long.MIN_VALUE
                    ? ascii(Long.toString(value))
                    : ascii('-').number(-value);
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        ensure(digits);
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** Appends nanoseconds as milliseconds with three decimals. */
    LineBuffer millis(long nanos) {
        long micros = nanos / 1_000;
        number(micros / 1_000).ascii('.');
        long rest = micros % 1_000;
        return ascii((char) ('0' + rest / 100))
                .ascii((char) ('0' + rest / 10 % 10))
                .ascii((char) ('0' + rest % 10));
    }

    /** Appends one word of anybody's: what is not visible ASCII becomes {@code \xHH}, as Apache does it; so do spaces. */
    LineBuffer word(String text) {
        return escaped(text, FIRST_PRINTABLE);
    }

    /** Appends words of anybody's: as {@link #word}, but spaces stay. */
    LineBuffer words(String text) {
        return escaped(text, ' ');
    }

    /** Appends a JSON string with its quotes (RFC 8259, section 7), everything that is not ASCII escaped. */
    LineBuffer json(String text) {
        ascii('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                ascii('\\').ascii(character);
            } else if (character >= ' ' && character <= LAST_PRINTABLE) {
                ascii(character);
            } else {
                ascii("\\u").hex(character >> 8).hex(character & 0xff);
            }
        }
        return ascii('"');
    }

    /** Appends spaces until {@code width} bytes stand behind {@code start}, if there are not that many yet. */
    LineBuffer padTo(int start, int width) {
        int missing = width - (size - start);
        if (missing > 0) {
            ensure(missing);
            Arrays.fill(bytes, size, size + missing, (byte) ' ');
            size += missing;
        }
        return this;
    }

    /** Moves what stands behind {@code start} to the right until it ends {@code width} bytes behind it. */
    LineBuffer alignRight(int start, int width) {
        int missing = width - (size - start);
        if (missing > 0) {
            ensure(missing);
            System.arraycopy(bytes, start, bytes, start + missing, size - start);
            Arrays.fill(bytes, start, start + missing, (byte) ' ');
            size += missing;
        }
        return this;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.US_ASCII);
    }

    private LineBuffer escaped(String text, char first) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                ascii('\\').ascii(character);
            } else if (character >= first && character <= LAST_PRINTABLE) {
                ascii(character);
            } else if (character < 0x80) {
                ascii("\\x").hex(character);
            } else {
                boolean pair = i + 1 < length && Character.isSurrogatePair(character, text.charAt(i + 1));
                for (byte octet : text.substring(i, pair ? i + 2 : i + 1).getBytes(StandardCharsets.UTF_8)) {
                    ascii("\\x").hex(octet & 0xff);
                }
                i += pair ? 1 : 0;
            }
        }
        return this;
    }

    private LineBuffer hex(int octet) {
        ensure(2);
        bytes[size++] = HEX[octet >> 4];
        bytes[size++] = HEX[octet & 0xf];
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
