package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyExchange;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * The body of a request that waits. What comes of it is read and kept, since only who reads hears that the client leaves;
 * beyond a bound, and beyond what all that wait may keep together, it stays with the client. Confined.
 */
final class HeldBody implements Invocable.Task {

    private static final int MAX_BYTES = 64 * 1024;

    private final ProxyExchange exchange;
    private final WaitingRoom room;
    private final Runnable read;
    private final Consumer<Throwable> broken;
    private long bytes;
    private boolean over;

    /**
     * A body that has yet to be read.
     *
     * @param read called when it has been read whole
     * @param broken called when it cannot be read any more
     */
    HeldBody(ProxyExchange exchange, WaitingRoom room, Runnable read, Consumer<Throwable> broken) {
        this.exchange = requireNonNull(exchange, "exchange");
        this.room = requireNonNull(room, "room");
        this.read = requireNonNull(read, "read");
        this.broken = requireNonNull(broken, "broken");
    }

    void begin() {
        if (exchange.getHeaders().contains(HttpHeader.EXPECT)) {
            read.run(); // to read would ask the client to send what the backend may not want
            return;
        }
        exchange.keepWholeBody();
        run();
    }

    @Override
    public void run() {
        while (!over && bytes < MAX_BYTES && room.hasBytes()) {
            Content.Chunk chunk = exchange.read();
            if (chunk == null) {
                exchange.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                broken.accept(chunk.getFailure());
                return;
            }
            bytes += chunk.remaining();
            room.keep(chunk.remaining());
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                read.run();
                return;
            }
        }
    }

    /** Leaves it to the next reader, from its beginning. */
    void end() {
        over = true;
        room.keep(-bytes);
        exchange.readAgain();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
