package dev.portway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever answers, or does not, is an exception whose message is one line that says what to do: the same by either kind of
 * connection.
 */
@ParameterizedClass(name = "brief: {0}")
@ValueSource(booleans = {false, true})
class BrokenAnswersTest {

    private final boolean brief;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private AutoCloseable server = () -> {};

    BrokenAnswersTest(boolean brief) {
        this.brief = brief;
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        threads.shutdownNow();
    }

    @Test
    void nothingListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure)
                .isInstanceOf(UnreachableException.class)
                .hasMessage("Nothing listens at http://127.0.0.1:" + port
                        + " (try: start Portway, or PORTWAY_ADMIN with the address of its admin listener).");
    }

    @Test
    void theNameIsNotKnown() {
        Throwable failure = failure("no-such-name.invalid:8081", PortwayClient::status);

        assertThat(failure)
                .isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("The name no-such-name.invalid is not known (try: PORTWAY_ADMIN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | text/html        | <html>hi</html>            | answered GET /status with text/html, so it is not",
                "200 | ''               | hi                         | answered GET /status with no type",
                "200 | application/json | {\"version\": \"1        | JSON that is cut off or of another version",
                "200 | application/json | {\"version\": \"1\"}       | JSON that is cut off or of another version",
                "200 | application/json | []                         | JSON that is cut off or of another version",
                "200 | application/json | null                       | JSON that is cut off or of another version",
                "200 | application/json | ''                         | JSON that is cut off or of another version",
                "404 | text/html        | <h1>Not Found</h1>         | with 404 and text/html, so it is not",
                "404 | application/json | {\"error\": \"nope\"}      | with 404 and application/json, so it is not",
                "500 | text/plain       | oops                       | with 500 and text/plain, so it is not",
                "302 | text/html        | moved                      | answered GET /status with 302",
                "404 | application/problem+json | {\"title\": \"Not Found\"} | has no GET /status: it is an older Portway",
                "405 | application/problem+json | {\"title\": \"No\"}        | has no GET /status: it is an older Portway",
            })
    void anotherProgramAnswers(int status, String type, String body, String message) throws Exception {
        int port = answering(status, type, body);

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining(message);
        assertThat(((PortwayException) failure).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidException", "401, UnauthorizedException", "403, RefusedException", "404, NotFoundException",
        "409, ConflictException", "412, PreconditionFailedException", "413, InvalidException", "415, InvalidException",
        "422, InvalidException", "429, PortwayException", "500, ServerFaultException", "503, ServerFaultException"
    })
    void everyProblemHasItsException(int status, String name) throws Exception {
        int port = answering(
                status,
                "application/problem+json",
                "{\"type\":\"urn:x\",\"title\":\"T\",\"status\":1,\"detail\":\"Do\\nthis.\",\"errors\":"
                        + "[{\"pointer\":\"/a\",\"message\":\"wrong\"}]}");

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure.getClass().getSimpleName()).isEqualTo(name);
        assertThat(((PortwayException) failure).status()).isEqualTo(status);
        assertThat(((PortwayException) failure).entries()).hasSize(1);
        if (status != 401) {
            assertThat(failure).hasMessage("Do this. /a: wrong");
        }
    }

    @Test
    void anAnswerThatIsCutOff() throws Exception {
        int port = raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"version\"");

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("broke before GET /status was answered whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc\r\n\r\n"})
    void noHttpAtAll(String bytes) throws Exception {
        int port = raw(bytes);

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure).isInstanceOf(UnreachableException.class).hasMessageContaining("(try: again");
    }

    @Test
    void anAnswerThatNeverEndsIsNotKept() throws Exception {
        server(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);
            try (OutputStream body = exchange.getResponseBody()) {
                for (int i = 0; i < 200; i++) {
                    body.write(spaces);
                }
            }
        });

        Throwable failure = failure("127.0.0.1:" + port, PortwayClient::status);

        assertThat(failure)
                .isInstanceOf(UnexpectedAnswerException.class)
                .hasMessageContaining("answered GET /status with more than 64 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"})
    void anAnswerThatDoesNotComeInTime(String start) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ServerSocket listener = listening(start, end);
                PortwayClient client = builder()
                        .admin("127.0.0.1:" + listener.getLocalPort())
                        .timeout(Duration.ofMillis(200))
                        .build()) {
            String late = "did not answer GET /status within 200 ms (try: again, or a longer timeout";

            assertThatThrownBy(client::status)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining(late);
            assertThatThrownBy(() -> client.statusAsync().get())
                    .hasCauseInstanceOf(UnreachableException.class)
                    .hasMessageContaining(late);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aThreadThatIsInterruptedWaitsNoLonger() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ServerSocket listener = listening("", end);
                PortwayClient client =
                        builder().admin("127.0.0.1:" + listener.getLocalPort()).build()) {
            Thread.currentThread().interrupt();

            Throwable failure = catchThrowable(client::status);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure).isInstanceOf(PortwayException.class).hasMessageStartingWith("Interrupted while");
        } finally {
            end.countDown();
        }
    }

    private int port;

    private void server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", handler);
        http.setExecutor(threads);
        http.start();
        server = () -> http.stop(0);
        port = http.getAddress().getPort();
    }

    private int answering(int status, String type, String body) throws IOException {
        server(exchange -> {
            if (!type.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", type);
            }
            exchange.getResponseHeaders().set("Location", "https://elsewhere.example/");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream stream = exchange.getResponseBody()) {
                stream.write(bytes);
            }
        });
        return port;
    }

    /** A port whose first connection is sent these bytes when it has said something, and closed. */
    private int raw(String bytes) throws IOException {
        CountDownLatch end = new CountDownLatch(0);
        ServerSocket listener = listening(bytes, end);
        server = listener;
        return listener.getLocalPort();
    }

    private ServerSocket listening(String bytes, CountDownLatch end) throws IOException {
        ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    threads.execute(() -> answer(socket, bytes, end));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return listener;
    }

    private static void answer(Socket socket, String bytes, CountDownLatch end) {
        try (socket) {
            socket.getInputStream().read(new byte[8_192]);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            end.await(30, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            return; // the test is over
        }
    }

    private PortwayClient.Builder builder() {
        return brief ? PortwayClient.builder().brief() : PortwayClient.builder();
    }

    private Throwable failure(String admin, Function<PortwayClient, ?> call) {
        try (PortwayClient client =
                builder().admin(admin).token("t0ken-of-mine").build()) {
            Throwable failure = catchThrowable(() -> call.apply(client));

            assertThat(failure.getMessage()).doesNotContain("\n", "t0ken-of-mine");
            return failure;
        }
    }
}
