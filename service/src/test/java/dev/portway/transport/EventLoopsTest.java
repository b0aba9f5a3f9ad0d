package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.RawClient;
import dev.portway.config.LimitsConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.TimeoutsConfig;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loops alone, with a handler that asks a backend by the shared connections and notes which threads it sees. */
class EventLoopsTest {

    private static final int LOOPS = 3;

    private final Queue<Set<Thread>> threadsOfExchanges = new ConcurrentLinkedQueue<>();
    private final Origin origin = Origin.replying(200, "hi");
    private final Server server = new Server();
    private final EventLoops loops = new EventLoops(server.getThreadPool(), server.getScheduler(), LOOPS);
    private final Backend backend =
            new BackendPool(InstantSource.system()).retain(new Backend.Identity(originUrl(), null, null, null));
    private BackendClient client;
    private ClientListener listener;

    @BeforeEach
    void start() throws Exception {
        server.addBean(loops);
        client = new BackendClient(
                server,
                new BackendReach(new NameLookup(new DnsClient(null)), new BackendTrust()),
                TimeoutsConfig.DEFAULT,
                LimitsConfig.DEFAULT);
        server.addBean(client);
        ProxyConfig anyPort = new ProxyConfig(null, 0, null, null, null, null, false, null, null, null);
        listener = ClientListener.plain(server, "127.0.0.1", anyPort, null);
        server.addConnector(listener);
        server.setHandler(new Asking());
        server.start();
    }

    private TargetUrl originUrl() {
        return new TargetUrl("http", "127.0.0.1", origin.port(), "", null);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        origin.close();
    }

    @Test
    void carriesEachExchangeOnOneThreadOfTheLoops() throws IOException {
        askOverConnections(2 * LOOPS, 5);

        assertThat(threadsOfExchanges)
                .hasSize(2 * LOOPS * 5)
                .allSatisfy(threads -> assertThat(threads)
                        .singleElement()
                        .satisfies(thread -> assertThat(thread.getName()).startsWith("loop-")));
        assertThat(threadsOfExchanges.stream().flatMap(Set::stream).distinct()).hasSize(LOOPS);
    }

    @Test
    void poolsBackendConnectionsByLoop() throws IOException {
        askOverConnections(2 * LOOPS, 5);

        assertThat(origin.used()).isEqualTo(LOOPS);
    }

    @Test
    void runsWhatATaskBegetsOnTheSameThreadButNotInItsStack() throws InterruptedException {
        EventLoop loop = anyLoop();
        CountDownLatch done = new CountDownLatch(1);
        Thread[] thread = new Thread[1];

        loop.execute(new Runnable() {
            private int times = 100_000; // in one stack, far too deep

            @Override
            public void run() {
                assertThat(loop.inside()).isTrue();
                thread[0] = Thread.currentThread();
                if (--times == 0) {
                    done.countDown();
                } else {
                    loop.execute(this);
                }
            }
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(thread[0].getName()).startsWith("loop-");
    }

    @Test
    void letsOthersHaveTheirTurnWhileATaskGoesOnBegettingTasks() throws IOException {
        for (Object loop : loops.getBeans(EventLoop.class)) {
            goOnForEver((EventLoop) loop);
        }

        askOverConnections(LOOPS, 1);

        assertThat(threadsOfExchanges).hasSize(LOOPS);
    }

    @Test
    void goesOnAfterATaskThatFails() throws InterruptedException {
        EventLoop loop = anyLoop();
        CountDownLatch done = new CountDownLatch(1);

        loop.execute(() -> {
            loop.execute(done::countDown);
            throw new IllegalStateException("a task that fails on purpose");
        });

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesTasksOnceStopped() throws Exception {
        EventLoop loop = anyLoop();

        server.stop();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void leavesNoThread() throws Exception {
        askOverConnections(LOOPS, 1);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        threadsOfExchanges.forEach(used::addAll);

        server.stop();

        for (Thread thread : used) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void sendsWhatCannotBeSentTwiceByNoConnectionThatIsClosedAlready() throws Exception {
        origin.then(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            exchange.socket().close();
        });
        EventLoop loop = anyLoop();
        for (int request = 1; request <= 5; request++) {
            CompletableFuture<Integer> answered = new CompletableFuture<>();
            int closed = request - 1;
            loop.execute(() -> {
                // The loop is kept from noticing that the connection it used before has been closed.
                await().until(() -> origin.closed() == closed);
                loop.later(() -> ask(loop, "POST", () -> {}, answered::complete));
            });

            assertThat(answered.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        }
        assertThat(origin.used()).isEqualTo(5);
    }

    private static void goOnForEver(EventLoop loop) {
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (loop.isRunning()) {
                    loop.execute(this);
                }
            }
        });
    }

    private EventLoop anyLoop() {
        return loops.getBeans(EventLoop.class).iterator().next();
    }

    private void askOverConnections(int connections, int requests) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            clients.add(RawClient.to("127.0.0.1", listener.getLocalPort()));
        }
        for (int i = 0; i < requests; i++) {
            for (RawClient connection : clients) {
                assertThat(connection
                                .send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
            }
        }
        await().until(() -> threadsOfExchanges.size() == connections * requests);
        for (RawClient connection : clients) {
            connection.close();
        }
    }

    private void ask(EventLoop loop, String method, Runnable heardOf, IntConsumer answered) {
        HttpFields fields = HttpFields.build().add(HttpHeader.HOST, "h");
        BackendRequest request = new BackendRequest(method, "/", fields, null, false, null, method.equals("GET"));
        client.call(new LoopBackend(loop, backend, null), request, new Listening(heardOf, answered))
                .begin();
    }

    /** Reads a short answer. */
    private static final class Listening implements BackendCall.Listener {
        private final Runnable heardOf;
        private final IntConsumer answered;
        private int status = -1;

        Listening(Runnable heardOf, IntConsumer answered) {
            this.heardOf = heardOf;
            this.answered = answered;
        }

        @Override
        public void connected(boolean reused, boolean multiplexed) {
            heardOf.run();
        }

        @Override
        public void headSent() {
            heardOf.run();
        }

        @Override
        public void sent() {
            heardOf.run();
        }

        @Override
        public void interim(int interim, HttpFields fields) {
            heardOf.run();
        }

        @Override
        public void answered(BackendResponse response, Content.Source body) {
            heardOf.run();
            status = response.status();
            Content.Source.consumeAll(body, Callback.NOOP);
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            answered.accept(failure == null ? status : -1);
        }
    }

    /** Asks the origin on the loop of the client, and notes every thread that it meets. */
    private final class Asking extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            threads.add(Thread.currentThread());
            ask(EventLoop.of(request), "GET", () -> threads.add(Thread.currentThread()), status -> {
                threads.add(Thread.currentThread());
                response.write(
                        true,
                        BufferUtil.EMPTY_BUFFER,
                        Callback.from(
                                () -> {
                                    threads.add(Thread.currentThread());
                                    threadsOfExchanges.add(threads);
                                    callback.succeeded();
                                },
                                callback::failed));
            });
            return true;
        }
    }
}
