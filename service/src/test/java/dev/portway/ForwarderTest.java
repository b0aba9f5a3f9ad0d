package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ForwarderTest {

    private static final HttpClient HTTP1 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsWhatItsHandlerSaysInPlaceOfTheClients(boolean http2) throws Exception {
        try (Origin origin = Origin.replying(201, "made");
                Portway portway = forwarding(
                        origin,
                        forwarder -> forwarder
                                .method("PUT")
                                .body("{\"a\":1}")
                                .addHeaders(Map.of("X-Added", "1", "Content-Type", "application/json"))
                                .forwardQuery(false))) {
            String answer = send(http2, portway, "POST", "/api/x?q=1", "ignored ".repeat(20_000), "X-Own", "kept");

            assertThat(answer).isEqualTo("201 made");
            Origin.Received received = origin.take();
            assertThat(received.requestLine()).isEqualTo("PUT /api/x HTTP/1.1");
            assertThat(received.bodyText()).isEqualTo("{\"a\":1}");
            assertThat(received.field("Content-Type")).isEqualTo("application/json");
            assertThat(received.field("Content-Length")).isEqualTo("7");
            assertThat(received.field("X-Own")).isEqualTo("kept");
            assertThat(received.field("X-Added")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsItsFieldsInPlaceOfAllOfTheClients(boolean http2) throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = forwarding(origin, forwarder -> forwarder.replaceHeaders(Map.of("X-Only", "this")))) {
            send(http2, portway, "POST", "/api?q=1", "body", "X-Own", "gone", "Cookie", "a=b");

            Origin.Received received = origin.take();
            assertThat(received.requestLine()).isEqualTo("POST /api?q=1 HTTP/1.1");
            assertThat(received.bodyText()).isEqualTo("body");
            assertThat(received.field("X-Only")).isEqualTo("this");
            assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(received.all("X-Own")).isEmpty();
            assertThat(received.all("Cookie")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsItsBodyAgainWhereTheFirstBackendRefuses(boolean http2) throws Exception {
        try (AbsentPort nobody = AbsentPort.take();
                Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .route("{ \"path\": \"/api\", \"targets\": [\"" + nobody.url() + "\", \"" + origin.url()
                                + "\"] }")
                        .handler((request, response, callback, forwarder) -> {
                            forwarder.method("POST").body("again").forward(response, callback);
                            return true;
                        })
                        .start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(send(http2, portway, "GET", "/api", "")).isEqualTo("200 hi");
            }

            assertThat(origin.untaken())
                    .hasSize(3)
                    .allSatisfy(received -> assertThat(received.bodyText()).isEqualTo("again"));
        }
    }

    @Test
    void streamsTheAnswer() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                    awaitLatch(read);
                    exchange.write("4\r\nlast\r\n0\r\n\r\n");
                });
                Portway portway = forwarding(origin, forwarder -> forwarder.addHeaders(Map.of("X-A", "b")))) {
            HttpResponse<InputStream> answer = HTTP1.send(
                    HttpRequest.newBuilder(portway.url().resolve("/api")).build(), BodyHandlers.ofInputStream());

            assertThat(answer.body().readNBytes(5))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("first");
            read.countDown();
            assertThat(answer.body().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("last");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void completesTheCallOnceWhateverBecomesOfIt(boolean http2) throws Exception {
        AtomicInteger completed = new AtomicInteger();
        try (AbsentPort nobody = AbsentPort.take();
                Portway portway = Portway.builder()
                        .route("/api", nobody.url())
                        .handler((request, response, callback, forwarder) -> {
                            if (request.getHttpURI().getPath().equals("/throws")) {
                                throw new IllegalStateException("on purpose");
                            }
                            forwarder.forward(response, counting(callback, completed));
                            return true;
                        })
                        .start()) {
            assertThat(send(http2, portway, "POST", "/api", "body")).startsWith("502 ");
            await().untilAtomic(completed, equalTo(1));
            assertThat(send(http2, portway, "GET", "/none", "")).startsWith("404 ");
            await().untilAtomic(completed, equalTo(2));
            assertThat(send(http2, portway, "GET", "/throws", "")).startsWith("500 ");
            assertThat(completed).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void forwardsFromAnotherThread(boolean http2) throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .route("/api", origin.url())
                        .handler((request, response, callback, forwarder) -> {
                            CompletableFuture<?> unused = CompletableFuture.runAsync(
                                    () -> forwarder.method("DELETE").forward(response, callback));
                            return true;
                        })
                        .start()) {
            assertThat(send(http2, portway, "POST", "/api", "body")).isEqualTo("200 hi");
            Origin.Received received = origin.take();
            assertThat(received.requestLine()).isEqualTo("DELETE /api HTTP/1.1");
            assertThat(received.bodyText()).isEqualTo("body");
        }
    }

    @Test
    void leavesWhatItsHandlerDoesNotTakeToTheRoutes() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .route("/api", origin.url())
                        .handler((request, response, callback, forwarder) -> {
                            if (!request.getHttpURI().getPath().equals("/own")) {
                                return false;
                            }
                            response.write(true, ByteBuffer.wrap("own".getBytes(StandardCharsets.UTF_8)), callback);
                            return true;
                        })
                        .start()) {
            assertThat(send(false, portway, "GET", "/own", "")).isEqualTo("200 own");
            assertThat(send(false, portway, "GET", "/api", "")).isEqualTo("200 hi");
        }
    }

    @Test
    void forwardsOnce() throws Exception {
        AtomicReference<Forwarder> kept = new AtomicReference<>();
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .route("/api", origin.url())
                        .handler((request, response, callback, forwarder) -> {
                            kept.set(forwarder);
                            forwarder.forward(response, callback);
                            assertThatIllegalStateException().isThrownBy(() -> forwarder.forward(response, callback));
                            return true;
                        })
                        .start()) {
            assertThat(send(false, portway, "GET", "/api", "")).isEqualTo("200 hi");
            Forwarder forwarder = requireNonNull(kept.get());
            for (String name : List.of("Host", "Content-Length", "Connection", "X-Forwarded-For", "a b", "")) {
                assertThatIllegalArgumentException().isThrownBy(() -> forwarder.addHeaders(Map.of(name, "x")));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> forwarder.replaceHeaders(Map.of("X-A", "a\r\nb")));
            assertThatIllegalArgumentException().isThrownBy(() -> forwarder.method("CONNECT"));
            assertThatIllegalArgumentException().isThrownBy(() -> forwarder.method("GET /"));
        }
    }

    @Test
    void aCallThatWasForwardedIsHandledWhateverItsHandlerSays() throws Exception {
        try (Origin origin = Origin.replying(200, "hi");
                Portway portway = Portway.builder()
                        .route("/api", origin.url())
                        .handler((request, response, callback, forwarder) -> {
                            forwarder.forward(response, callback);
                            return false;
                        })
                        .start()) {
            assertThat(send(false, portway, "GET", "/api", "")).isEqualTo("200 hi");

            origin.take();
            assertThat(origin.untaken()).isEmpty();
        }
    }

    private static Portway forwarding(Origin origin, Consumer<Forwarder> changes) {
        return Portway.builder()
                .route("/api", origin.url())
                .handler((request, response, callback, forwarder) -> {
                    changes.accept(forwarder);
                    forwarder.forward(response, callback);
                    return true;
                })
                .start();
    }

    private static Callback counting(Callback callback, AtomicInteger completed) {
        return new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                completed.incrementAndGet();
                super.succeeded();
            }

            @Override
            public void failed(Throwable failure) {
                completed.incrementAndGet();
                super.failed(failure);
            }
        };
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String send(
            boolean http2, Portway portway, String method, String path, String body, String... headers)
            throws Exception {
        if (http2) {
            try (Http2Client client = Http2Client.to(portway.url())) {
                var request = client.request(path).method(method);
                for (int i = 0; i < headers.length; i += 2) {
                    String name = headers[i];
                    String value = headers[i + 1];
                    request.headers(fields -> fields.add(name, value));
                }
                if (!body.isEmpty()) {
                    request.body(new StringRequestContent("text/plain", body));
                }
                ContentResponse answer = request.send();
                return answer.getStatus() + " " + answer.getContentAsString();
            }
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(portway.url() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = HTTP1.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
