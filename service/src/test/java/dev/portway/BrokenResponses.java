package dev.portway;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a backend may send that is no response: a client gets 502 in its place and nothing of its bytes. */
final class BrokenResponses {

    private static final String MALFORMED = "http_protocol_error";
    private static final String TOO_LARGE = "http_response_header_section_size";
    private static final String ENDED = "connection_terminated";

    private final List<Row> rows = new ArrayList<>();

    private BrokenResponses() {}

    static Stream<Row> all() {
        BrokenResponses table = new BrokenResponses();
        table.lengths();
        table.codings();
        table.statusLines();
        table.fields();
        table.ends();
        return table.rows.stream();
    }

    private void lengths() { // behaviour 39
        head("a length and chunked", "Content-Length: 5", "Transfer-Encoding: chunked", "", "0", "", "");
        head("chunked and a length", "Transfer-Encoding: chunked", "Content-Length: 5", "", "0", "", "");
        head("two lengths that differ", "Content-Length: 5", "Content-Length: 6", "", "123456");
        head("two lengths that agree", "Content-Length: 5", "Content-Length: 5", "", "12345");
        head("a list of lengths", "Content-Length: 5, 5", "", "12345");
        head("a negative length", "Content-Length: -5", "", "12345");
        head("a signed length", "Content-Length: +5", "", "12345");
        head("a hexadecimal length", "Content-Length: 0x5", "", "12345");
        head("an empty length", "Content-Length:", "", "");
        head("a length of 2^64 + 5", "Content-Length: 18446744073709551621", "", "12345");
    }

    private void codings() {
        head("an unknown coding", "Transfer-Encoding: xchunked", "", "0", "", "");
        head("gzip, then chunked", "Transfer-Encoding: gzip, chunked", "", "0", "", "");
        head(
                "gzip, then chunked, in two lines",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked",
                "",
                "0",
                "",
                "");
        head("gzip alone", "Transfer-Encoding: gzip", "", "x");
        head("chunked twice", "Transfer-Encoding: chunked, chunked", "", "0", "", "");
        head("chunked, then gzip", "Transfer-Encoding: chunked, gzip", "", "0", "", "");
        head("a vertical tab before chunked", "Transfer-Encoding: \u000bchunked", "", "0", "", "");
    }

    private void statusLines() {
        raw(MALFORMED, "garbage", "GARBAGE\r\n\r\n");
        raw(MALFORMED, "a TLS alert", "\u0015\u0003\u0001\u0000\u0002\u0002F");
        raw(MALFORMED, "a banner", "220 mail.test ESMTP\r\n");
        raw(MALFORMED, "a version alone", "HTTP/1.1\r\n\r\n");
        raw(MALFORMED, "no status", "HTTP/1.1 \r\n\r\n");
        raw(MALFORMED, "a status of 99", "HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a status of 99 without a reason", "HTTP/1.1 99\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a status of 1000", "HTTP/1.1 1000 High\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a status of 0200", "HTTP/1.1 0200 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a status of letters", "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a negative status", "HTTP/1.1 -200 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "another version", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "another protocol", "ICY 200 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a space before the version", " HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a NUL in the reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n");
        raw(MALFORMED, "a bare CR in the reason", "HTTP/1.1 200 O\rX: y\r\nContent-Length: 0\r\n\r\n");
        raw(
                MALFORMED,
                "protocols switched unasked",
                "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nbytes");
        raw(MALFORMED, "an endless row of interim responses", "HTTP/1.1 102 Wait\r\n\r\n".repeat(10_000));
        raw(MALFORMED, "an endless row of 100 Continue", "HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000));
    }

    private void fields() {
        head("a field without a colon", "X", "Content-Length: 0", "", "");
        head("an empty name", ": y", "Content-Length: 0", "", "");
        head("a space before the colon", "X : y", "Content-Length: 0", "", "");
        head("a NUL in a name", "X\0: y", "Content-Length: 0", "", "");
        head("a NUL in a value", "X: y\0z", "Content-Length: 0", "", "");
        head("a control character in a value", "X: y\u0001z", "Content-Length: 0", "", "");
        head("a bare CR in a value", "X: y\rSet-Cookie: a=b", "Content-Length: 0", "", "");
        head("a bare LF in a value", "X: y\nSet-Cookie: a=b", "Content-Length: 0", "", "");
        head("a folded value", "X: y", " Set-Cookie: a=b", "Content-Length: 0", "", "");
        raw(TOO_LARGE, "a field over the limit", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
        raw(TOO_LARGE, "too many fields", "HTTP/1.1 200 OK\r\n" + "X: yyyyyyyyyy\r\n".repeat(2_000) + "\r\n");
        raw(TOO_LARGE, "a reason over the limit", "HTTP/1.1 200 " + "y".repeat(20_000) + "\r\n\r\n");
    }

    private void ends() { // behaviour 35
        raw(ENDED, "nothing", "");
        raw(ENDED, "half a status line", "HTTP/1.");
        raw(ENDED, "a status line alone", "HTTP/1.1 200 OK\r\n");
        raw(ENDED, "half a head", "HTTP/1.1 200 OK\r\nContent-Le");
        raw(ENDED, "an interim response alone", "HTTP/1.1 102 Wait\r\n\r\n");
    }

    private void head(String name, String... lines) {
        raw(MALFORMED, name, "HTTP/1.1 200 OK\r\n" + String.join("\r\n", lines));
    }

    private void raw(String error, String name, String response) {
        rows.add(new Row(error, name, response));
    }

    /**
     * What is sent, and how it is told.
     *
     * @param error in {@code Proxy-Status}
     * @param name for people
     * @param response every byte of it, one for each character; then the backend closes the connection
     */
    record Row(String error, String name, String response) {

        @Override
        public String toString() {
            return name;
        }
    }
}
