package dev.portway.junit;

import static java.util.Objects.requireNonNull;

import dev.portway.Exchange;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One route of one test, and the exchanges it has seen. Thread-safe. */
public final class TestRoute {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String id;
    private final URI url;
    private final List<Exchange> seen = new ArrayList<>(); // guarded by this

    TestRoute(String id, URI url) {
        this.id = requireNonNull(id, "id");
        this.url = requireNonNull(url, "url");
    }

    /** Its id, which no other has. */
    public String id() {
        return id;
    }

    /** What the target's root is behind the proxy, with a slash at the end: {@code url().resolve("orders/7")}. */
    public URI url() {
        return url;
    }

    /** What has come to its end so far, in that order; the client may have its answer a moment sooner. */
    public synchronized List<Exchange> exchanges() {
        return List.copyOf(seen);
    }

    /**
     * Waits until so many exchanges have come to their end.
     *
     * @return all of them, more than asked for perhaps
     * @throws AssertionError if there are fewer after five seconds
     */
    public synchronized List<Exchange> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (seen.size() < count) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new AssertionError(count + " exchanges expected, seen: " + seen);
            }
            wait(left);
        }
        return List.copyOf(seen);
    }

    synchronized void saw(Exchange exchange) {
        seen.add(exchange);
        notifyAll();
    }
}
