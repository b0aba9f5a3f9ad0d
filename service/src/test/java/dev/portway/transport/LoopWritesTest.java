package dev.portway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a loop's connection writes, at a real socket. */
@Timeout(30)
final class LoopWritesTest {

    private static final int MORE_THAN_A_SOCKET_TAKES = 8 * 1024 * 1024;

    private final RunningLoops running = new RunningLoops();
    private final CompletableFuture<LoopEndPoint> opened = new CompletableFuture<>();
    private Socket client;
    private LoopEndPoint endPoint;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client =
                    new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(false);
            running.loops().accept(accepted, new Member());
        }
        endPoint = opened.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        running.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4096, 4097, 70_000, MORE_THAN_A_SOCKET_TAKES})
    void goOutInTheOrderInWhichTheyWereMade(int size) throws Exception {
        CompletableFuture<List<String>> told = new CompletableFuture<>();
        List<String> order = new ArrayList<>();
        endPoint.loop()
                .execute(() -> endPoint.writeLater(
                        Callback.from(
                                () -> {
                                    order.add("first");
                                    endPoint.writeLater(
                                            Callback.from(
                                                    () -> {
                                                        order.add("second");
                                                        told.complete(order);
                                                    },
                                                    told::completeExceptionally),
                                            text("c".repeat(10)));
                                },
                                told::completeExceptionally),
                        text("a".repeat(size)),
                        text("b".repeat(10))));

        InputStream in = client.getInputStream();
        assertThat(in.readNBytes(size + 20)).asString().isEqualTo("a".repeat(size) + "b".repeat(10) + "c".repeat(10));
        assertThat(told.get(10, TimeUnit.SECONDS)).containsExactly("first", "second");
    }

    /** Who writes and then closes in one turn has written. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goOutBeforeTheEnd(boolean half) throws Exception {
        Callback.Completable told = new Callback.Completable();
        endPoint.loop().execute(() -> {
            endPoint.writeLater(told, text("farewell"));
            if (half) {
                endPoint.shutdownOutput();
            } else {
                endPoint.close();
            }
        });

        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("farewell");
        told.get(10, TimeUnit.SECONDS);
    }

    @Test
    void areToldThatTheyFailedWhereTheConnectionWasClosed() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        endPoint.loop().execute(() -> {
            endPoint.close();
            endPoint.write(
                    Callback.from(() -> told.complete(new AssertionError("written")), told::complete), text("x"));
        });

        assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    /** As where the proxy gives an exchange up whose answer it has just written: who wrote gets back what it lent. */
    @Test
    void areTakenBack() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Callback.Completable next = new Callback.Completable();
        endPoint.loop().execute(() -> {
            Callback first = Callback.from(() -> told.complete(new AssertionError("written")), told::complete);
            endPoint.writeLater(first, text("first"));
            assertThat(endPoint.cancelWrite(new IOException("given up"))).isSameAs(first);
            endPoint.writeLater(next, text("next"));
        });

        next.get(10, TimeUnit.SECONDS);
        assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("next");
        assertThat(told).isNotDone();
    }

    /** What is read and written by turns, from the loop and from another thread, neither stops nor mixes. */
    @Test
    void andReadsGoOnFromWhicheverThreadTheyAreAskedFor() throws Exception {
        for (int round = 0; round < 200; round++) {
            boolean inside = round % 2 == 0;
            CompletableFuture<String> read = new CompletableFuture<>();
            Runnable ask = () ->
                    endPoint.fillInterested(Callback.from(() -> read.complete(filled()), read::completeExceptionally));
            if (inside) {
                endPoint.loop().execute(ask);
            } else {
                ask.run();
            }
            client.getOutputStream().write('a' + round % 26);
            assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(String.valueOf((char) ('a' + round % 26)));

            Callback.Completable written = new Callback.Completable();
            Runnable answer = () -> endPoint.write(written, text("0123456789"));
            if (inside) {
                endPoint.loop().execute(answer);
            } else {
                answer.run();
            }
            assertThat(client.getInputStream().readNBytes(10)).asString().isEqualTo("0123456789");
            written.get(10, TimeUnit.SECONDS);
        }
    }

    private String filled() {
        ByteBuffer buffer = BufferUtil.allocate(100);
        try {
            endPoint.fill(buffer);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return BufferUtil.toString(buffer);
    }

    private static ByteBuffer text(String text) {
        return BufferUtil.toBuffer(text);
    }

    /** Makes connections that do nothing of their own accord. */
    private final class Member implements LoopMember {

        @Override
        public EndPoint newEndPoint(SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
            return new LoopEndPoint(this, (SocketChannel) channel, loop, key, running.scheduler()) {};
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint made, @Nullable Object attachment) {
            return new AbstractConnection(made, running.workers()) {
                @Override
                public void onFillable() {
                    throw new IllegalStateException("nobody asked");
                }
            };
        }

        @Override
        public void connectionOpened(Connection connection, @Nullable Object attachment) {
            opened.complete((LoopEndPoint) connection.getEndPoint());
        }

        @Override
        public void connectionFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
            opened.completeExceptionally(failure);
        }

        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
            opened.completeExceptionally(failure);
        }

        @Override
        public void endPointOpened(EndPoint made) {}

        @Override
        public void endPointClosed(EndPoint made) {}
    }
}
