package dev.portway;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests that no backend may see a byte of. Each row is a status, a name and the lines of the request; a line is
 * ended by CRLF and what ends otherwise is written out.
 */
final class RefusedRequests {

    private static final String HOST = "Host: a.test";

    private final List<Row> rows = new ArrayList<>();

    private RefusedRequests() {}

    static Stream<Row> all() {
        RefusedRequests table = new RefusedRequests();
        table.lengths();
        table.transferEncodings();
        table.lines();
        table.fields();
        table.hosts();
        table.targets();
        table.versions();
        table.sizes();
        return table.rows.stream();
    }

    private void lengths() {
        post(
                400,
                "Content-Length and Transfer-Encoding",
                "Content-Length: 5",
                "Transfer-Encoding: chunked",
                "",
                "0",
                "");
        post(
                400,
                "Transfer-Encoding and Content-Length",
                "Transfer-Encoding: chunked",
                "Content-Length: 5",
                "",
                "0",
                "");
        post(400, "Content-Length and an unknown coding", "Content-Length: 5", "Transfer-Encoding: x", "", "12345");
        post(400, "a length named by Connection", "Connection: Content-Length", "Content-Length: 5, 6", "", "12345");
        post(400, "two lengths that differ", "Content-Length: 0", "Content-Length: 44", "");
        post(400, "two lengths that agree", "Content-Length: 5", "Content-Length: 5", "", "12345");
        post(400, "a list of lengths that differ", "Content-Length: 5, 6", "", "12345");
        post(400, "a list of lengths that agree", "Content-Length: 5, 5", "", "12345");
        post(400, "a positive sign", "Content-Length: +5", "", "12345");
        post(400, "a negative length", "Content-Length: -1", "", "");
        post(400, "minus zero", "Content-Length: -0", "", "");
        post(400, "a hexadecimal length", "Content-Length: 0x5", "", "12345");
        post(400, "a length with letters", "Content-Length: 5a", "", "12345");
        post(400, "an empty length", "Content-Length:", "", "");
        post(400, "a blank length", "Content-Length:  \t ", "", "");
        post(400, "two numbers", "Content-Length: 5 6", "", "12345");
        post(400, "a fraction", "Content-Length: 5.0", "", "12345");
        post(400, "an underscore", "Content-Length: 1_0", "", "1234567890");
        post(400, "a quoted length", "Content-Length: \"5\"", "", "12345");
        post(400, "a length of 2^64 + 5", "Content-Length: 18446744073709551621", "", "12345");
        post(400, "a length of 2^63", "Content-Length: 9223372036854775808", "", "12345");
        post(400, "other digits than ASCII's", "Content-Length: \u00b2", "", "12");
        post(400, "a NUL after the length", "Content-Length: 5\0", "", "12345");
        post(400, "a vertical tab before the length", "Content-Length: \u000b5", "", "12345");
    }

    private void transferEncodings() {
        post(400, "an unknown coding", "Transfer-Encoding: xchunked", "", "0", "");
        post(400, "identity", "Transfer-Encoding: identity", "", "");
        post(400, "an empty coding", "Transfer-Encoding:", "", "0", "");
        post(400, "chunked twice in a line", "Transfer-Encoding: chunked, chunked", "", "0", "");
        post(400, "chunked twice in two", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked", "", "0", "");
        post(400, "chunked, then identity", "Transfer-Encoding: chunked, identity", "", "0", "");
        post(
                400,
                "chunked, then identity, in two lines",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "",
                "0",
                "");
        post(501, "gzip, then chunked", "Transfer-Encoding: gzip, chunked", "", "0", "");
        post(
                501,
                "gzip, then chunked, in two lines",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked",
                "",
                "0",
                "");
        post(501, "identity, then chunked", "Transfer-Encoding: identity, chunked", "", "0", "");
        post(400, "a vertical tab before chunked", "Transfer-Encoding: \u000bchunked", "", "0", "");
        post(400, "a vertical tab after chunked", "Transfer-Encoding: chunked\u000b", "", "0", "");
        post(400, "a no-break space after chunked", "Transfer-Encoding: chunked\u00a0", "", "0", "");
        post(400, "chunked with a parameter", "Transfer-Encoding: chunked;q=1", "", "0", "");
        post(400, "chunked in quotes", "Transfer-Encoding: \"chunked\"", "", "0", "");
        post(400, "a space before the colon", "Transfer-Encoding : chunked", "", "0", "");
        post(400, "a tab before the colon", "Transfer-Encoding\t: chunked", "", "0", "");
        post(400, "chunked on a folded line", "Transfer-Encoding:", " chunked", "", "0", "");
        row(400, "chunked in HTTP/1.0", "POST /refused HTTP/1.0", HOST, "Transfer-Encoding: chunked", "", "0", "");
        row(
                400,
                "chunked in HTTP/1.0, kept alive",
                "POST /refused HTTP/1.0",
                HOST,
                "Connection: keep-alive",
                "Transfer-Encoding: chunked",
                "",
                "0",
                "");
    }

    private void lines() {
        raw(400, "lines ended by a bare LF", "GET /refused HTTP/1.1\nHost: a.test\n\n");
        raw(400, "a field ended by a bare LF", "GET /refused HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n");
        raw(400, "a head ended by a bare LF", "GET /refused HTTP/1.1\r\nHost: a.test\r\n\n");
        raw(400, "a bare LF before the request", "\nGET /refused HTTP/1.1\r\nHost: a.test\r\n\r\n");
        raw(400, "lines ended by a bare CR", "GET /refused HTTP/1.1\rHost: a.test\r\r");
        raw(400, "a bare CR in a value", "GET /refused HTTP/1.1\r\nHost: a.test\r\nX: y\rContent-Length: 5\r\n\r\n");
        raw(400, "CR CR LF", "GET /refused HTTP/1.1\r\nHost: a.test\r\r\n\r\n");
        raw(400, "a bare CR before the head's end", "GET /refused HTTP/1.1\r\nHost: a.test\r\n\rX: y\r\n\r\n");
        raw(400, "only a space before the request", " GET /refused HTTP/1.1\r\nHost: a.test\r\n\r\n");
        raw(400, "a byte order mark", "\u00ef\u00bb\u00bfGET /refused HTTP/1.1\r\nHost: a.test\r\n\r\n");
    }

    private void fields() {
        get(400, "a folded value", "X: y", " folded");
        get(400, "a value folded by a tab", "X: y", "\tfolded");
        raw(400, "the first field folded", "GET /refused HTTP/1.1\r\n Host: a.test\r\nHost: a.test\r\n\r\n");
        get(400, "a field without a colon", "X");
        get(400, "a space before the colon", "X : y");
        get(400, "a tab before the colon", "X\t: y");
        get(400, "an empty name", ": y");
        get(400, "a name of a space", " : y");
        get(400, "NUL in a name", "X\0Y: z");
        get(400, "NUL in a value", "X: y\0z");
        get(400, "a control character in a value", "X: y\u0001z");
        get(400, "DEL in a value", "X: y\u007fz");
        get(400, "a vertical tab in a value", "X: y\u000bz");
        get(400, "a space within a name", "X Y: z");
        get(400, "a slash in a name", "X/Y: z");
        get(400, "a bracket in a name", "X(Y): z");
        get(400, "a quote in a name", "\"X\": z");
        get(400, "a letter beyond ASCII in a name", "X\u00e9: z");
        get(417, "an expectation nobody knows", "Expect: nonsense");
        get(417, "an expectation nobody knows beside one that is known", "Expect: 100-continue, nonsense");
    }

    private void hosts() {
        raw(400, "no Host", "GET /refused HTTP/1.1\r\n\r\n");
        raw(400, "an empty Host", "GET /refused HTTP/1.1\r\nHost:\r\n\r\n");
        get(400, "two Hosts", "Host: b.test");
        get(400, "two Hosts that agree", HOST);
        raw(400, "a Host before and after", "GET /refused HTTP/1.1\r\nHost: b.test\r\nX: y\r\nhOsT: a.test\r\n\r\n");
        host("a list", "a.test, b.test");
        host("a list without spaces", "a.test,b.test");
        host("a space", "a test");
        host("a slash", "a.test/b");
        host("a user", "user@a.test");
        host("a user and a password", "user:pw@a.test");
        host("a quote", "a\"b");
        host("an apostrophe and a bracket", "a'<b>");
        host("a question mark", "a.test?b");
        host("a fragment", "a.test#b");
        host("a backslash", "a.test\\b");
        host("a port that is no number", "a.test:x");
        host("a port too big", "a.test:65536");
        host("a negative port", "a.test:-1");
        host("a signed port", "a.test:+80");
        host("two ports", "a.test:80:81");
        host("an open bracket", "[::1");
        host("a bracket about nothing", "[]");
        host("a port alone", ":80");
        host("a control character", "a\u0001b");
        host("a percent sign that escapes nothing", "a%zz");
        row(400, "an absolute form for another host", "GET http://b.test/refused HTTP/1.1", HOST, "");
        row(400, "an absolute form for another port", "GET http://a.test:81/refused HTTP/1.1", HOST, "");
        row(400, "an absolute form with a user", "GET http://a@b.test/refused HTTP/1.1", "Host: b.test", "");
        row(400, "an absolute form without a host", "GET http:///refused HTTP/1.1", HOST, "");
        row(400, "an absolute form of two authorities", "GET http://a.test@b.test/refused HTTP/1.1", HOST, "");
        row(400, "an absolute form without Host", "GET http://a.test/refused HTTP/1.1", "");
    }

    private void targets() {
        target(400, "a broken escape", "/refused/%zz");
        target(400, "half an escape", "/refused/%4");
        target(400, "an escape of UTF-16", "/refused/%u0041");
        target(400, "an escaped NUL", "/refused/%00");
        target(400, "NUL", "/refused\0");
        target(400, "a control character", "/refused\u0001");
        target(400, "DEL", "/refused\u007f");
        target(400, "DEL in the query", "/refused?a\u007fb");
        target(400, "a tab", "/refused\tx");
        target(400, "a fragment", "/refused#fragment");
        target(400, "a fragment after the query", "/refused?a#fragment");
        target(400, "no slash", "refused");
        target(400, "an asterisk that is not OPTIONS'", "*");
        target(400, "another scheme", "ftp://a.test/refused");
        target(400, "a script", "javascript:alert(1)");
        target(400, "an authority alone", "a.test:80");
        row(400, "a space in the target", "GET /refused x HTTP/1.1", HOST, "");
        row(400, "a tab before the version", "GET /refused\tHTTP/1.1", HOST, "");
        row(400, "a tab before the target", "GET\t/refused HTTP/1.1", HOST, "");
        row(400, "a method with a colon", "GE:T /refused HTTP/1.1", HOST, "");
        row(400, "a method with a letter beyond ASCII", "G\u00c9T /refused HTTP/1.1", HOST, "");
        row(400, "a method alone", "GET", HOST, "");
        row(505, "no method", "/refused HTTP/1.1", HOST, "");
    }

    private void versions() {
        raw(505, "HTTP/0.9", "GET /refused\r\n");
        raw(400, "HTTP/0.9 with a space", "GET /refused \r\n");
        version(505, "HTTP/1.2");
        version(505, "HTTP/1.10");
        version(505, "HTTP/2.0");
        version(505, "HTTP/3.0");
        version(505, "HTTP/0.9");
        version(505, "HTTP/1.");
        version(505, "HTTP/01.1");
        version(505, "HTCPCP/1.0");
        raw(400, "garbage", "\u0080\u0081\u00ff\u00fe\r\n\r\n");
    }

    private void sizes() {
        target(414, "a target over the limit", "/refused/" + "a".repeat(20_000));
        get(431, "a field over the limit", "X: " + "y".repeat(20_000));
        get(431, "a name over the limit", "X".repeat(20_000) + ": y");
        get(431, "too many fields", "X: yyyyyyyyyy\r\n".repeat(2_000) + "X: y");
        raw(431, "a method over the limit", "G".repeat(20_000) + " /refused HTTP/1.1\r\n\r\n");
    }

    private void post(int status, String name, String... lines) {
        row(
                status,
                name,
                Stream.concat(Stream.of("POST /refused HTTP/1.1", HOST), Stream.of(lines))
                        .toArray(String[]::new));
    }

    private void get(int status, String name, String field) {
        row(status, name, "GET /refused HTTP/1.1", HOST, field, "");
    }

    private void get(int status, String name, String field, String next) {
        row(status, name, "GET /refused HTTP/1.1", HOST, field, next, "");
    }

    private void host(String name, String host) {
        row(400, "a Host with " + name, "GET /refused HTTP/1.1", "Host: " + host, "");
    }

    private void target(int status, String name, String target) {
        row(status, "a target with " + name, "GET " + target + " HTTP/1.1", HOST, "");
    }

    private void version(int status, String version) {
        row(status, "a version of " + version, "GET /refused " + version, HOST, "");
    }

    private void row(int status, String name, String... lines) {
        raw(status, name, String.join("\r\n", lines) + "\r\n");
    }

    private void raw(int status, String name, String request) {
        rows.add(new Row(status, name, request));
    }

    /**
     * A request and its refusal.
     *
     * @param status of the answer
     * @param name for people
     * @param request every byte of it, one for each character
     */
    record Row(int status, String name, String request) {

        @Override
        public String toString() {
            return status + " " + name;
        }
    }
}
