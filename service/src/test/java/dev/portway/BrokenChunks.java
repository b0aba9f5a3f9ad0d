package dev.portway;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bodies of {@code Transfer-Encoding: chunked} that break the rules of chunks after a head that is well: a backend may
 * have the head by then, but never a whole request.
 */
final class BrokenChunks {

    private final List<Row> rows = new ArrayList<>();

    private BrokenChunks() {}

    static Stream<Row> all() {
        BrokenChunks table = new BrokenChunks();
        table.sizes();
        table.extensions();
        table.ends();
        table.trailers();
        return table.rows.stream();
    }

    private void sizes() {
        row("a size of 2^64", "10000000000000000\r\nab\r\n0\r\n\r\n");
        row("a size of 2^64 + 2, which some read as 2", "10000000000000002\r\nab\r\n0\r\n\r\n");
        row("a size of 2^63", "8000000000000000\r\nab\r\n0\r\n\r\n");
        row("a size behind twenty zeros", "000000000000000000002\r\nab\r\n0\r\n\r\n");
        row("a negative size", "-2\r\nab\r\n0\r\n\r\n");
        row("a signed size", "+2\r\nab\r\n0\r\n\r\n");
        row("0x", "0x2\r\nab\r\n0\r\n\r\n");
        row("an underscore", "1_0\r\n0123456789abcdef\r\n0\r\n\r\n");
        row("no size", "\r\nab\r\n0\r\n\r\n");
        row("a letter beyond f", "g\r\nab\r\n0\r\n\r\n");
        row("a space before the size", " 2\r\nab\r\n0\r\n\r\n");
        row("a space after the size", "2 \r\nab\r\n0\r\n\r\n");
        row("a NUL after the size", "2\0\r\nab\r\n0\r\n\r\n");
        row("a vertical tab after the size", "2\u000b\r\nab\r\n0\r\n\r\n");
        row("other digits than ASCII's", "\u00b2\r\nab\r\n0\r\n\r\n");
        row("two numbers", "2 2\r\nab\r\n0\r\n\r\n");
        row("a size and a comma", "2,2\r\nab\r\n0\r\n\r\n");
    }

    private void extensions() {
        row("an extension without a name", "2;\r\nab\r\n0\r\n\r\n");
        row("a bare LF within an extension", "2;a\nab\r\n0\r\n\r\n");
        row("a bare CR within an extension", "2;a\rb\r\nab\r\n0\r\n\r\n");
        row("a bare LF within quotes", "2;a=\"\n\"\r\nab\r\n0\r\n\r\n");
        row("CRLF within quotes", "2;a=\"\r\nab\r\n0\r\n\r\n\"");
        row("a NUL within an extension", "2;a\0\r\nab\r\n0\r\n\r\n");
        row("a flood of extensions", "2" + ";a=b".repeat(10_000) + "\r\nab\r\n0\r\n\r\n");
    }

    private void ends() {
        row("a bare LF after the size", "2\nab\r\n0\r\n\r\n");
        row("a bare CR after the size", "2\rab\r\n0\r\n\r\n");
        row("a bare LF after the data", "2\r\nab\n0\r\n\r\n");
        row("a bare CR after the data", "2\r\nab\r0\r\n\r\n");
        row("nothing after the data", "2\r\nab0\r\n\r\n");
        row("more data than the size says", "2\r\nabc\r\n0\r\n\r\n");
        row("CR CR LF after the data", "2\r\nab\r\r\n0\r\n\r\n");
        row("a bare LF after the last chunk", "2\r\nab\r\n0\n\r\n");
        row("a bare LF after the trailers", "2\r\nab\r\n0\r\nX: y\r\n\n");
    }

    private void trailers() {
        row("a trailer without a colon", "2\r\nab\r\n0\r\nX\r\n\r\n");
        row("a trailer with a space before the colon", "2\r\nab\r\n0\r\nX : y\r\n\r\n");
        row("a folded trailer", "2\r\nab\r\n0\r\nX: y\r\n z\r\n\r\n");
        row("a trailer with a NUL", "2\r\nab\r\n0\r\nX: \0\r\n\r\n");
        row("a trailer ended by a bare LF", "2\r\nab\r\n0\r\nX: y\nZ: z\r\n\r\n");
        row("a flood of trailers", "2\r\nab\r\n0\r\n" + "X: yyyyyyyyyy\r\n".repeat(2_000) + "\r\n");
    }

    private void row(String name, String body) {
        rows.add(new Row(name, body));
    }

    /**
     * A body that is refused.
     *
     * @param name for people
     * @param body every byte of it, one for each character
     */
    record Row(String name, String body) {

        /** The whole request. */
        String request() {
            return "POST /refused HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
