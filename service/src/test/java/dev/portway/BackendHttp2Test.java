package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 to backends, in clear text and over TLS; the client speaks HTTP/1.1. */
final class BackendHttp2Test {

    /** A backend and what {@code tls} its route has. */
    private record Kind(String scheme) {
        JettyOrigin origin(JettyOrigin.Answer answer) {
            return scheme.equals("h2c")
                    ? JettyOrigin.clear(answer)
                    : JettyOrigin.tls(TestCertificates.LOCALHOST, answer);
        }

        ProxyHarness proxy(JettyOrigin origin) {
            String tls = scheme.equals("h2c") ? "" : ", \"tls\": {\"ca\": \"" + TestCertificates.authority() + "\"}";
            return ProxyHarness.withRoutes("[{\"target\": \"" + origin.url(scheme) + "\"" + tls + "}]");
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(new Kind("h2c"), new Kind("h2"), new Kind("https"));
    }

    /** Those of which it is known before the first connection that they speak HTTP/2. */
    static Stream<Kind> certain() {
        return kinds().filter(kind -> !kind.scheme().equals("https"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sendsTheRequestWithItsHostAsAuthorityAndItsPathAsItCame(Kind kind) throws Exception {
        try (JettyOrigin origin = kind.origin(JettyOrigin.Answer.text("hello"));
                ProxyHarness proxy = kind.proxy(origin)) {

            RawClient.Response answer = proxy.raw("""
                    GET /a%2fb/./c;d=e?q=%20&r HTTP/1.1\r
                    Host: app.localhost:1234\r
                    Cookie: a=b; c=d\r
                    Connection: X-Hop\r
                    X-Hop: one\r
                    TE: trailers, gzip\r
                    Keep-Alive: timeout=5\r
                    X-End: two\r
                    \r
                    """);

            assertThat(answer.text()).isEqualTo("hello");
            JettyOrigin.Received request = origin.take();
            assertThat(request.protocol()).isEqualTo("HTTP/2.0");
            assertThat(request.authority()).isEqualTo("app.localhost:1234");
            assertThat(request.target()).isEqualTo("/a%2fb/c;d=e?q=%20&r");
            HttpFields fields = request.fields();
            assertThat(fields.get("Cookie")).isEqualTo("a=b; c=d");
            assertThat(fields.get("TE")).isEqualTo("trailers");
            assertThat(fields.get("X-End")).isEqualTo("two");
            assertThat(fields.contains("X-Hop") || fields.contains("Connection") || fields.contains("Keep-Alive"))
                    .isFalse();
            assertThat(fields.getValuesList("Host")).hasSizeLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void carriesBodiesBothWaysWithAndWithoutALength(Kind kind) throws Exception {
        String body = "0123456789".repeat(100_000);
        try (JettyOrigin origin = kind.origin(
                        (request, text, response, callback) -> Content.Sink.write(response, true, text, callback));
                ProxyHarness proxy = kind.proxy(origin)) {
            HttpRequest.BodyPublisher sized = HttpRequest.BodyPublishers.ofString(body);

            HttpResponse<String> whole =
                    proxy.send(HttpRequest.newBuilder(proxy.proxy()).POST(sized).build());
            HttpResponse<String> chunked = proxy.send(HttpRequest.newBuilder(proxy.proxy())
                    .POST(HttpRequest.BodyPublishers.fromPublisher(sized))
                    .build());

            assertThat(whole.body()).isEqualTo(body);
            assertThat(chunked.body()).isEqualTo(body);
            assertThat(origin.take().fields().getLongField("Content-Length")).isEqualTo(body.length());
            assertThat(origin.take().fields().contains("Content-Length")).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void passesTrailersBothWays(Kind kind) throws Exception {
        try (JettyOrigin origin = kind.origin((request, body, response, callback) -> {
                    response.setTrailersSupplier(() -> HttpFields.build().add("X-Sum", "out"));
                    Content.Sink.write(response, false, "body", Callback.from(callback::succeeded, callback::failed));
                });
                ProxyHarness proxy = kind.proxy(origin)) {

            try (RawClient client = proxy.connect()) {
                client.send("""
                        POST / HTTP/1.1\r
                        Host: a\r
                        Transfer-Encoding: chunked\r
                        \r
                        3\r
                        abc\r
                        0\r
                        X-In: in\r
                        \r
                        """);
                RawClient.Response answer = client.read("POST");

                assertThat(answer.text()).isEqualTo("body");
                assertThat(answer.trailers()).containsIgnoringCase("X-Sum: out");
            }
            assertThat(requireNonNull(origin.take().trailers()).get("X-In")).isEqualTo("in");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void passesAnswersWithoutABody(Kind kind) throws Exception {
        try (JettyOrigin origin = kind.origin((request, body, response, callback) -> {
                    response.setStatus(
                            Integer.parseInt(request.getHttpURI().getPath().substring(1)));
                    if (request.getMethod().equals("HEAD")) {
                        response.getHeaders().put("Content-Length", 5);
                    }
                    callback.succeeded();
                });
                ProxyHarness proxy = kind.proxy(origin)) {

            assertThat(proxy.get("/204").statusCode()).isEqualTo(204);
            assertThat(proxy.get("/304").statusCode()).isEqualTo(304);
            assertThat(proxy.get("/200").body()).isEmpty();
            HttpResponse<String> head =
                    proxy.send(HttpRequest.newBuilder(proxy.proxy().resolve("/200"))
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build());
            assertThat(head.headers().firstValue("Content-Length")).hasValue("5");
        }
    }

    @ParameterizedTest
    @MethodSource("certain")
    void sendsRequestsAtTheSameTimeOverConnectionsThatTheyShare(Kind kind) throws Exception {
        int many = 40;
        CountDownLatch all = new CountDownLatch(many);
        try (JettyOrigin origin = kind.origin((request, body, response, callback) -> {
                    if (!request.getHttpURI().getPath().equals("/")) {
                        all.countDown();
                        all.await(5, TimeUnit.SECONDS);
                    }
                    callback.succeeded();
                });
                ProxyHarness proxy = kind.proxy(origin)) {
            proxy.get("/");
            proxy.get("/");
            int before = origin.accepted();
            List<Thread> clients = new ArrayList<>();
            List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < many; i++) {
                URI uri = proxy.proxy().resolve("/" + i);
                Thread client = new Thread(() -> {
                    try {
                        answers.add(
                                proxy.send(HttpRequest.newBuilder(uri).build()).statusCode());
                    } catch (Exception e) {
                        answers.add(0);
                    }
                });
                client.start();
                clients.add(client);
            }
            for (Thread client : clients) {
                client.join();
            }

            assertThat(answers).hasSize(many).containsOnly(200);
            assertThat(origin.accepted() - before).isLessThan(many / 2);
        }
    }
}
