package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets of the JDK's client through the proxy: what is said comes back byte for byte. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WebSocketEchoIT { // behaviours 58, 66

    private static final int SOCKETS = 1_000;
    private static final int[] SIZES = {0, 1, 125, 126, 65_535, 65_536};
    private static final int MEBIBYTE = 1 << 20;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Origin origin;
    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        origin = Origin.answering(WebSocketServer::echo);
        proxy = ProxyHarness.with(
                "\"limits\": { \"backendConnections\": 2000 }",
                "[{ \"id\": \"ws\", \"target\": \"" + origin.url() + "\" }]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
        origin.close();
    }

    @Test
    void aThousandAtOnce() throws Exception {
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            echoes.add(Echo.open());
        }
        assertThat(open()).isEqualTo(SOCKETS);

        Random random = new Random(42);
        for (int size : SIZES) {
            byte[] message = bytes(random, size);
            for (Echo echo : echoes) {
                echo.send(message, 1);
            }
            for (Echo echo : echoes) {
                assertThat(echo.next()).isEqualTo(message);
            }
        }
        byte[] large = bytes(random, MEBIBYTE);
        for (int i = 0; i < SOCKETS; i += 10) {
            echoes.get(i).send(large, 1 + i % 3);
            assertThat(echoes.get(i).next()).isEqualTo(large);
        }
        for (Echo echo : echoes) {
            echo.close(4321);
        }
        for (Echo echo : echoes) {
            assertThat(echo.closed()).isEqualTo(4321);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(open()).isZero());
    }

    @Test
    void inFragments() throws Exception {
        Echo echo = Echo.open();
        Random random = new Random(43);

        for (int size : new int[] {5, 126, 65_536, MEBIBYTE}) {
            byte[] message = bytes(random, size);
            echo.send(message, 5);
            assertThat(echo.next()).isEqualTo(message);
        }
        assertThat(echo.ping("are you there")).isEqualTo("are you there");
        echo.close(WebSocket.NORMAL_CLOSURE);
        assertThat(echo.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }

    @Test
    void sixtyFourMebibytesInOneMessage() throws Exception {
        Echo echo = Echo.open();
        byte[] message = bytes(new Random(44), 64 * MEBIBYTE);

        echo.send(message, 1);

        assertThat(echo.next()).isEqualTo(message);
        echo.close(WebSocket.NORMAL_CLOSURE);
    }

    private static int open() throws Exception {
        return new ObjectMapper()
                .readTree(proxy.admin("GET", "/tunnels", null).body())
                .size();
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** One WebSocket. */
    private static final class Echo implements WebSocket.Listener {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private @Nullable WebSocket socket;

        static Echo open() throws Exception {
            Echo echo = new Echo();
            URI uri = URI.create("ws://localhost:" + proxy.proxy().getPort() + "/chat");
            echo.socket = CLIENT.newWebSocketBuilder().buildAsync(uri, echo).get(20, TimeUnit.SECONDS);
            return echo;
        }

        void send(byte[] bytes, int fragments) throws Exception {
            int size = bytes.length / fragments;
            for (int i = 0; i < fragments; i++) {
                boolean last = i == fragments - 1;
                ByteBuffer fragment = ByteBuffer.wrap(bytes, i * size, last ? bytes.length - i * size : size);
                socket().sendBinary(fragment, last).get(60, TimeUnit.SECONDS);
            }
        }

        String ping(String text) throws Exception {
            socket().sendPing(ByteBuffer.wrap(text.getBytes(UTF_8))).get(20, TimeUnit.SECONDS);
            return (String) poll();
        }

        void close(int code) {
            socket().sendClose(code, "done").join();
        }

        byte[] next() throws Exception {
            return (byte[]) poll();
        }

        int closed() throws Exception {
            return (int) poll();
        }

        private WebSocket socket() {
            return requireNonNull(socket);
        }

        private Object poll() throws Exception {
            Object next = heard.poll(60, TimeUnit.SECONDS);
            if (next == null || next instanceof Throwable) {
                throw new AssertionError("heard: " + next);
            }
            return next;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            message.writeBytes(piece);
            if (last) {
                heard.add(message.toByteArray());
                message.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            heard.add(new String(bytes, UTF_8));
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            heard.add(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            heard.add(error);
        }
    }
}
