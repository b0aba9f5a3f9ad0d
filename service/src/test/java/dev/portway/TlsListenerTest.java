package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Security;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The listener for TLS: what is agreed on it, and that HTTP/1.1 works there as it does in clear text. */
final class TlsListenerTest { // behaviour 90

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Origin origin;
    private static ProxyHarness proxy;

    private static volatile Origin.Answer answer = exchange -> {};

    @BeforeAll
    static void start() {
        origin = Origin.answering(exchange -> answer.to(exchange));
        proxy = ProxyHarness.with(
                ProxyHarness.tlsMembers() + ", \"timeouts\": { \"header\": \"1s\", \"keepAlive\": \"3s\" }",
                "[{ \"id\": \"only\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @BeforeEach
    void answerShortly() {
        origin.forget();
        answer = exchange -> {
            exchange.readBody();
            exchange.write(OK);
        };
    }

    @ParameterizedTest
    @CsvSource({"'h2,http/1.1', h2", "'http/1.1,h2', h2", "http/1.1, http/1.1", "'spdy/3,http/1.1', http/1.1", "h2, h2"
    })
    void agreesOnTheBestThatTheClientOffers(String offered, String agreed) throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls(), offered.split(",", -1))) {
            SSLSocket socket = (SSLSocket) client.socket();
            socket.startHandshake();

            assertThat(socket.getApplicationProtocol()).isEqualTo(agreed);
        }
    }

    @Test
    void speaksHttp1WithAClientThatOffersNothing() throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls())) {
            assertThat(client.send(GET).read().text()).isEqualTo("ok");
        }
        Origin.Received request = origin.take();
        assertThat(request.field("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(request.field("X-Forwarded-Port")).isEqualTo("443");
        assertThat(request.field("Via")).startsWith("1.1 ");
    }

    @Test
    void endsTheHandshakeWithAnAlertWhereNothingIsInCommon() throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls(), "spdy/3")) {
            assertThatThrownBy(() -> ((SSLSocket) client.socket()).startHandshake())
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("no_application_protocol");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void speaksBothVersionsOfTls(String version) throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            SSLSocket socket = (SSLSocket) client.socket();
            socket.setEnabledProtocols(new String[] {version});

            assertThat(client.send(GET).read().status()).isEqualTo(200);
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1", "HTTP_2"})
    void servesTheJdksClient(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestCertificate.shared().trusting())
                .build();

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(proxy.tls())
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body()).isEqualTo("ok");
        assertThat(origin.take().bodyText()).hasSize(100_000);
    }

    @Test
    void servesManyRequestsOnOneConnectionPipelinedOrNot() throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            client.send(GET + GET + GET);
            for (int i = 0; i < 3; i++) {
                assertThat(client.read().text()).isEqualTo("ok");
            }
            assertThat(client.send(GET).read().text()).isEqualTo("ok");
        }
    }

    @Test
    void goesOnReadingWhatItHasReadAheadWatchingForAClientThatLeaves() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        answer = exchange -> {
            begun.countDown();
            Uninterruptibles.awaitUninterruptibly(answering);
            exchange.write(OK);
        };

        try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            client.send(GET);
            begun.await();
            // Read ahead: many small records, then more than is read ahead.
            for (int i = 0; i < GET.length(); i++) {
                client.send(GET.substring(i, i + 1));
            }
            client.send("GET /" + "x".repeat(2_000) + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
            answering.countDown();

            for (int i = 0; i < 3; i++) {
                assertThat(client.read().text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void noticesAClientThatSaysGoodbyeAndLeaves() throws Exception { // behaviour 40
        assertNoticed(client -> client.close());
    }

    @Test
    void noticesAClientThatLeavesWithoutAWord() throws Exception {
        assertNoticed(client -> {
            client.socket().setSoLinger(true, 0);
            client.close();
        });
    }

    @Test
    void breaksOffABodyOfAnOldClientSoThatItCannotBeTakenForWhole() throws Exception { // behaviour 37
        answer = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            throw new IOException("hung up");
        };

        try (RawClient client = RawClient.secure(proxy.tls())) {
            client.send("GET /a HTTP/1.0\r\n\r\n");

            assertThatThrownBy(() -> client.in().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void letsAnIdleConnectionBeForItsWholeTime() throws Exception {
        try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            ((SSLSocket) client.socket()).startHandshake();
            await().pollDelay(1500, TimeUnit.MILLISECONDS).until(() -> true); // longer than a head may take

            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
    }

    @Test
    void cutsOffAHandshakeThatIsNotFinished() throws Exception {
        try (RawClient client = RawClient.to(proxy.tls())) {
            client.send(new byte[] {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3});

            assertThat(client.closed()).isTrue();
        }
        assertThat(proxy.get("/").statusCode()).isEqualTo(200);
    }

    /** Newer ones do not ask a provider that is added later, so there is nothing to note the threads. */
    @EnabledOnJre(JRE.JAVA_17)
    @Test
    void signsOnNoEventLoop() throws Exception {
        SignatureThreads threads = new SignatureThreads();
        Security.insertProviderAt(threads, 1);
        try {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
                    assertThat(client.send(GET).read().status()).isEqualTo(200);
                }
            }
        } finally {
            Security.removeProvider(threads.getName());
        }

        assertThat(threads.names()).hasSizeGreaterThanOrEqualTo(4).noneMatch(name -> name.startsWith("loop-"));
    }

    private static void assertNoticed(LeavingClient leaving) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        answer = exchange -> {
            begun.countDown();
            exchange.in().transferTo(OutputStream.nullOutputStream());
            left.countDown();
            throw new IOException("the proxy hung up");
        };
        RawClient client = RawClient.secure(proxy.tls(), "http/1.1");
        client.send(GET);
        begun.await();

        leaving.leave(client);

        assertThat(left.await(1, TimeUnit.SECONDS)).as("the backend is told").isTrue();
    }

    private interface LeavingClient {
        void leave(RawClient client) throws IOException;
    }
}
