package dev.portway;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests that look strange and mean one thing only. Each row is a name, what a backend sees of the request - its first
 * line, then the fields the client had a say in, then the body - and the lines that the client sends.
 */
final class OddRequests {

    private static final String HOST = "Host: a.test";

    private final List<Row> rows = new ArrayList<>();

    private OddRequests() {}

    static Stream<Row> all() {
        OddRequests table = new OddRequests();
        table.bodies();
        table.connections();
        table.fields();
        table.targets();
        table.lines();
        return table.rows.stream();
    }

    private void bodies() {
        row(
                "a body on GET",
                "GET /odd HTTP/1.1|Host: a.test|Content-Length: 2||ab",
                "GET /odd HTTP/1.1",
                HOST,
                "Content-Length: 2",
                "",
                "ab");
        row(
                "a chunked body on GET",
                "GET /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "GET /odd HTTP/1.1",
                HOST,
                "Transfer-Encoding: chunked",
                "",
                "2\r\nab\r\n0\r\n\r\n");
        row(
                "a length of 0 on GET",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Content-Length: 0",
                "",
                "");
        row(
                "POST without a body",
                "POST /odd HTTP/1.1|Host: a.test|Content-Length: 0||",
                "POST /odd HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "a length with zeros before it",
                "POST /odd HTTP/1.1|Host: a.test|Content-Length: 2||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Content-Length: 0002",
                "",
                "ab");
        row(
                "CHUNKED in capitals",
                "POST /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Transfer-Encoding: ChUnKeD",
                "",
                "2\r\nab\r\n0\r\n\r\n");
        row(
                "tabs about chunked",
                "POST /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Transfer-Encoding: \t chunked\t ",
                "",
                "2\r\nab\r\n0\r\n\r\n");
        row(
                "chunk extensions, which go no further",
                "POST /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Transfer-Encoding: chunked",
                "",
                "2;a=b;c=\"d;\\\"e\"\r\nab\r\n0;f\r\n\r\n");
        row(
                "zeros before a chunk's size",
                "POST /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Transfer-Encoding: chunked",
                "",
                "0002\r\nab\r\n000\r\n\r\n");
    }

    private void connections() {
        row(
                "Connection that names Host",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: Host",
                "",
                "");
        row(
                "Connection that names Content-Length",
                "POST /odd HTTP/1.1|Host: a.test|Content-Length: 2||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Connection: Content-Length",
                "Content-Length: 2",
                "",
                "ab");
        row(
                "Connection that names Transfer-Encoding",
                "POST /odd HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||ab",
                "POST /odd HTTP/1.1",
                HOST,
                "Connection: Transfer-Encoding",
                "Transfer-Encoding: chunked",
                "",
                "2\r\nab\r\n0\r\n\r\n");
        row(
                "Connection that names Cookie, in another case",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: keep-alive, cOOKIE",
                "Cookie: a=b",
                "",
                "");
        row(
                "Connection that names what the proxy says itself",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: X-Forwarded-For, Via, Forwarded",
                "X-Forwarded-For: 9.9.9.9",
                "",
                "");
        row(
                "Upgrade to what nobody speaks",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: Upgrade",
                "Upgrade: nonsense",
                "",
                "");
        row(
                "Upgrade to h2c",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAAP__",
                "",
                "");
        row(
                "TE with more than trailers",
                "GET /odd HTTP/1.1|Host: a.test|TE: trailers||",
                "GET /odd HTTP/1.1",
                HOST,
                "Connection: TE",
                "TE: gzip, trailers;q=0.5, deflate",
                "",
                "");
        row("TE without trailers", "GET /odd HTTP/1.1|Host: a.test||", "GET /odd HTTP/1.1", HOST, "TE: gzip", "", "");
        row(
                "Keep-Alive and Proxy-Connection",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "",
                "");
        row(
                "Proxy-Authorization",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.1",
                HOST,
                "Proxy-Authorization: x",
                "",
                "");
    }

    private void fields() {
        row(
                "a field called Trailers",
                "GET /odd HTTP/1.1|Host: a.test|Trailers: x||",
                "GET /odd HTTP/1.1",
                HOST,
                "Trailers: x",
                "",
                ""); // behaviour 19
        row("an empty value", "GET /odd HTTP/1.1|Host: a.test|X: ||", "GET /odd HTTP/1.1", HOST, "X:", "", "");
        row(
                "a field of the same name twice",
                "GET /odd HTTP/1.1|Host: a.test|X: 1|X: 2||",
                "GET /odd HTTP/1.1",
                HOST,
                "X: 1",
                "X: 2",
                "",
                "");
        row(
                "every sign a name may have",
                "GET /odd HTTP/1.1|Host: a.test|!#$%&'*+-.^_`|~9: x||",
                "GET /odd HTTP/1.1",
                HOST,
                "!#$%&'*+-.^_`|~9: x",
                "",
                "");
        row(
                "bytes beyond ASCII in a value",
                "GET /odd HTTP/1.1|Host: a.test|X: \u00e9\u00ff||",
                "GET /odd HTTP/1.1",
                HOST,
                "X: \u00e9\u00ff",
                "",
                "");
        row(
                "a length under another name",
                "GET /odd HTTP/1.1|Host: a.test|Content_Length: 5||",
                "GET /odd HTTP/1.1",
                HOST,
                "Content_Length: 5",
                "",
                "");
    }

    private void targets() {
        row("an absolute form", "GET /odd?q HTTP/1.1|Host: a.test||", "GET http://a.test/odd?q HTTP/1.1", HOST, "", "");
        row(
                "an absolute form with the default port",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET http://a.test:80/odd HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "an absolute form in capitals",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET HTTP://A.TEST/odd HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "an absolute form in HTTP/1.0 without Host",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET http://a.test/odd HTTP/1.0",
                "Connection: keep-alive",
                "",
                "");
        row("the asterisk of OPTIONS", "OPTIONS * HTTP/1.1|Host: a.test||", "OPTIONS * HTTP/1.1", HOST, "", "");
        row(
                "an escaped CRLF",
                "GET /odd%0d%0aX:%20y HTTP/1.1|Host: a.test||",
                "GET /odd%0d%0aX:%20y HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "an escape of bytes that are no text",
                "GET /odd%ff%c3 HTTP/1.1|Host: a.test||",
                "GET /odd%ff%c3 HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "a broken escape in the query",
                "GET /odd?%zz&%4 HTTP/1.1|Host: a.test||",
                "GET /odd?%zz&%4 HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "signs that should have been escaped",
                "GET /odd?<a>\"b\\^`{|} HTTP/1.1|Host: a.test||",
                "GET /odd?<a>\"b\\^`{|} HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "two slashes before what looks like a host",
                "GET //b.test/odd HTTP/1.1|Host: a.test||",
                "GET //b.test/odd HTTP/1.1",
                HOST,
                "",
                "");
        row(
                "a Host in capitals and with a dot",
                "GET /odd HTTP/1.1|Host: A.TEST.||",
                "GET /odd HTTP/1.1",
                "Host: A.TEST.",
                "",
                "");
    }

    private void lines() {
        row("a method in lower case", "get /odd HTTP/1.1|Host: a.test||", "get /odd HTTP/1.1", HOST, "", "");
        row(
                "a method of signs",
                "M-SEARCH!#$%&'*+.^_`|~1 /odd HTTP/1.1|Host: a.test||",
                "M-SEARCH!#$%&'*+.^_`|~1 /odd HTTP/1.1",
                HOST,
                "",
                "");
        row("PRI, which is HTTP/2's", "PRI /odd HTTP/1.1|Host: a.test||", "PRI /odd HTTP/1.1", HOST, "", "");
        row(
                "empty lines before the request",
                "GET /odd HTTP/1.1|Host: a.test||",
                "",
                "",
                "GET /odd HTTP/1.1",
                HOST,
                "",
                "");
        row("two spaces before the target", "GET /odd HTTP/1.1|Host: a.test||", "GET  /odd HTTP/1.1", HOST, "", "");
        row("two spaces before the version", "GET /odd HTTP/1.1|Host: a.test||", "GET /odd  HTTP/1.1", HOST, "", "");
        row("a version in lower case", "GET /odd HTTP/1.1|Host: a.test||", "GET /odd http/1.1", HOST, "", "");
        row(
                "HTTP/1.0, kept alive",
                "GET /odd HTTP/1.1|Host: a.test||",
                "GET /odd HTTP/1.0",
                HOST,
                "Connection: keep-alive",
                "",
                "");
        row(
                "no space after the colon",
                "GET /odd HTTP/1.1|Host: a.test|X: y||",
                "GET /odd HTTP/1.1",
                "Host:a.test",
                "X:y",
                "",
                "");
        row(
                "tabs and spaces about a value",
                "GET /odd HTTP/1.1|Host: a.test|X: y z||",
                "GET /odd HTTP/1.1",
                HOST,
                "X:\t y z \t",
                "",
                "");
    }

    /** @param seen its lines parted by a bar, the head from the body by two */
    private void row(String name, String seen, String... lines) {
        rows.add(new Row(name, seen, String.join("\r\n", lines)));
    }

    /**
     * A request and what is seen of it.
     *
     * @param name for people
     * @param seen by the backend
     * @param request every byte of it, one for each character
     */
    record Row(String name, String seen, String request) {

        String method() {
            return seen.substring(0, seen.indexOf(' '));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
