package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.portway.HangingListener;
import dev.portway.Origin;
import dev.portway.config.LimitsConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.TimeoutsConfig;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on one loop, at moments that no client of a proxy can choose. */
final class BackendCallsTest {

    private final Server server = new Server();
    private final EventLoops loops = new EventLoops(server.getThreadPool(), server.getScheduler(), 1);
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private BackendClient client;
    private Runnable afterwards = () -> {}; // confined to the loop

    @BeforeEach
    void start() throws Exception {
        loops.setConnectTimeout(200);
        server.addBean(loops);
        client = new BackendClient(
                server,
                new BackendReach(new NameLookup(new DnsClient(null)), new BackendTrust()),
                TimeoutsConfig.DEFAULT,
                LimitsConfig.DEFAULT);
        server.addBean(client);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void aConnectionThatNeverCameAboutIsToldOnTheLoopToo() throws Exception {
        try (HangingListener hanging = new HangingListener()) {
            loop().execute(() -> call("GET", hanging.address().getPort()).begin());

            End end = end();
            assertThat(end.failure()).isInstanceOf(SocketTimeoutException.class);
            assertThat(end.thread()).isEqualTo(loop());
        }
    }

    @Test
    void aCallThatWasBrokenOffBeforeItBeganTakesNoConnection() throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).isEqualTo(200);

            loop().execute(() -> {
                BackendCall call = call("GET", origin.port());
                call.abort(new CancellationException());
                call.begin();
            });
            assertThat(end().failure()).isInstanceOf(CancellationException.class);

            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).isEqualTo(200);
            assertThat(ends).isEmpty();
            assertThat(origin.used()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatIsOutdatedDoesNotCostThePoolTheNextOne() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (Origin origin = Origin.answering(exchange -> exchange.write("HTTP/1.1 200 OK\r\n"
                + (answers.getAndIncrement() == 0 ? "Keep-Alive: timeout=0\r\n" : "")
                + "Content-Length: 2\r\n\r\nhi"))) {
            loop().execute(() -> {
                // Before anybody has closed the first one's connection.
                afterwards = () -> call("GET", origin.port()).begin();
                call("GET", origin.port()).begin();
            });
            assertThat(end().status()).isEqualTo(200);
            assertThat(end().status()).isEqualTo(200);

            for (int i = 0; i < 3; i++) {
                loop().execute(() -> call("GET", origin.port()).begin());
                assertThat(end().status()).isEqualTo(200);
            }
            assertThat(origin.used()).isEqualTo(2);
        }
    }

    /** The loop is busy while it comes, and so has not noticed. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD 200 OK", "GET 204 No Content", "GET 304 Not Modified"})
    void aBodyThatShouldNotBeThereIsNotTakenForTheNextResponse(String row) throws Exception {
        String method = row.substring(0, row.indexOf(' '));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.answering(exchange -> {
            if (requests.getAndIncrement() == 0) {
                exchange.write("HTTP/1.1" + row.substring(method.length()) + "\r\nContent-Length: 44\r\n\r\n");
                Uninterruptibles.awaitUninterruptibly(busy);
                exchange.write("HTTP/1.1 203 OK\r\nContent-Length: 6\r\n\r\nforged");
                written.countDown();
            } else {
                exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            }
        })) {
            loop().execute(() -> call(method, origin.port()).begin());
            assertThat(end().failure()).isNull();

            loop().execute(() -> {
                busy.countDown();
                Uninterruptibles.awaitUninterruptibly(written);
                call("GET", origin.port()).begin();
            });

            assertThat(end().status()).isEqualTo(200);
        }
    }

    /** The loop is busy while they end, and so has not noticed. */
    @Test
    void aPoolFullOfDeadConnectionsCostsNoCall() throws Exception {
        int pooled = 8;
        CountDownLatch asked = new CountDownLatch(pooled);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(pooled);
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.answering(exchange -> {
            int request = requests.incrementAndGet();
            asked.countDown();
            Uninterruptibles.awaitUninterruptibly(asked); // so that each has a connection of its own
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            if (request <= pooled) {
                Uninterruptibles.awaitUninterruptibly(busy);
                exchange.socket().close();
                dead.countDown();
            }
        })) {
            for (int i = 0; i < pooled; i++) {
                loop().execute(() -> call("GET", origin.port()).begin());
            }
            for (int i = 0; i < pooled; i++) {
                assertThat(end().status()).isEqualTo(200);
            }

            loop().execute(() -> {
                busy.countDown();
                Uninterruptibles.awaitUninterruptibly(dead);
                call("POST", origin.port()).begin(); // which must not be sent twice
            });

            assertThat(end().status()).isEqualTo(200);
            assertThat(requests).hasValue(pooled + 1);
            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).as("the pool has kept count").isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(pooled + 1);
        }
    }

    /** As above: the answer to the first has ended, and what follows belongs to nobody. */
    @Test
    void whatFollowsAResponseOnAPooledConnectionIsNotTheNextResponse() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.answering(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            if (requests.incrementAndGet() == 1) {
                Uninterruptibles.awaitUninterruptibly(busy);
                exchange.write("HTTP/1.1 203 OK\r\nContent-Length: 6\r\n\r\nforged");
                written.countDown();
            }
        })) {
            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).isEqualTo(200);

            loop().execute(() -> {
                busy.countDown();
                Uninterruptibles.awaitUninterruptibly(written);
                call("POST", origin.port()).begin();
            });

            assertThat(end().status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aPooledConnectionOnWhichSomethingComesUnaskedIsClosed() throws Exception {
        CountDownLatch pooled = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (Origin origin = Origin.answering(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            if (requests.incrementAndGet() == 1) {
                Uninterruptibles.awaitUninterruptibly(pooled);
                exchange.write("x");
            }
        })) {
            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).isEqualTo(200);

            pooled.countDown();
            await().until(() -> origin.closed() == 1);

            loop().execute(() -> call("GET", origin.port()).begin());
            assertThat(end().status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    private EventLoop loop() {
        return loops.getBean(EventLoop.class);
    }

    private End end() {
        try {
            End end = ends.poll(10, TimeUnit.SECONDS);
            assertThat(end).as("the end of a call").isNotNull();
            return end;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private BackendCall call(String method, int port) {
        Backend backend = new BackendPool(InstantSource.system())
                .retain(new Backend.Identity(new TargetUrl("http", "127.0.0.1", port, "", null), null, null, null));
        HttpFields fields = HttpFields.build().add(HttpHeader.HOST, "h");
        boolean repeatable = !method.equals("POST");
        BackendRequest request = new BackendRequest(method, "/", fields, null, false, null, repeatable);
        return client.call(new LoopBackend(loop(), backend, null), request, new Reading());
    }

    /**
     * How a call ended.
     *
     * @param thread where that was told
     */
    private record End(
            int status,
            @Nullable Throwable failure,
            @Nullable EventLoop thread) {}

    /** Reads the answer. */
    private final class Reading implements BackendCall.Listener {
        private int status;

        @Override
        public void connected(boolean reused, boolean multiplexed) {
            // The answer is what is looked at.
        }

        @Override
        public void headSent() {
            // As before.
        }

        @Override
        public void sent() {
            // As before.
        }

        @Override
        public void interim(int interim, HttpFields fields) {
            throw new AssertionError(interim);
        }

        @Override
        public void answered(BackendResponse response, Content.Source body) {
            status = response.status();
            Content.Source.consumeAll(body, Callback.NOOP);
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            ends.add(new End(status, failure, EventLoop.current()));
            Runnable once = afterwards;
            afterwards = () -> {};
            once.run();
        }
    }
}
