package dev.portway.health;

import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a TCP connection can be made, and closes it at once. Nobody waits: one thread, started by the first
 * dial, serves any number of them. Thread-safe.
 */
public final class Dialer implements Managed {

    private @Nullable AsynchronousChannelGroup group; // guarded by this
    private boolean stopped; // guarded by this

    /**
     * Dials an address, or the socket of a path.
     *
     * @return done when the connection was made; failed with an {@link IOException} when it was refused, and with a
     *     {@link TimeoutException} when it was not made within the limit; completed on the dialer's thread, which must
     *     not be kept
     */
    public CompletableFuture<@Nullable Void> dial(SocketAddress address, Duration limit) {
        if (address instanceof UnixDomainSocketAddress socket) {
            return dial(socket);
        }
        AsynchronousSocketChannel channel;
        try {
            channel = AsynchronousSocketChannel.open(group());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } catch (ShutdownChannelGroupException e) {
            return CompletableFuture.failedFuture(new IOException("the proxy is stopping", e));
        }
        CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
        channel.connect(address, outcome, new Completion());
        return outcome.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).whenComplete((done, failure) -> close(channel));
    }

    /** What listens at a path is known at once: a full queue of its is as good as a connection. */
    private static CompletableFuture<@Nullable Void> dial(UnixDomainSocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(address);
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public synchronized void stop() throws IOException {
        stopped = true;
        if (group != null) {
            group.shutdownNow();
        }
    }

    private synchronized AsynchronousChannelGroup group() throws IOException {
        if (stopped) {
            throw new IOException("the proxy is stopping");
        }
        if (group == null) {
            group = AsynchronousChannelGroup.withFixedThreadPool(1, task -> {
                Thread thread = new Thread(task, "portway-dialer");
                thread.setDaemon(true);
                return thread;
            });
        }
        return group;
    }

    private static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing a socket failed", e); // seen by nobody, and nothing is lost
        }
    }

    private static final class Completion implements CompletionHandler<Void, CompletableFuture<@Nullable Void>> {

        @Override
        public void completed(Void nothing, CompletableFuture<@Nullable Void> outcome) {
            outcome.complete(null);
        }

        @Override
        public void failed(Throwable failure, CompletableFuture<@Nullable Void> outcome) {
            outcome.completeExceptionally(failure);
        }
    }
}
