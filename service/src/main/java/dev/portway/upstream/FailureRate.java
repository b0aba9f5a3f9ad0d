package dev.portway.upstream;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many of a backend's latest requests failed. Windows begin with a failure, so that a request that goes well needs no
 * clock; one that is judged is between half a window and a whole one long. Thread-safe.
 */
final class FailureRate {

    private final long lengthNanos;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable Window window; // written by failed() and clear(); a lost race loses one begin

    FailureRate(Duration length) {
        this.lengthNanos = length.toNanos();
    }

    void succeeded() {
        requests.increment();
    }

    /** Counts a failure, and tells what the window is like with it. */
    Tally failed(long now) {
        Window current = window;
        if (current == null || now - current.began >= lengthNanos) {
            current = new Window(now, requests.sum(), failures.sum(), null);
            window = current;
        } else if (now - current.began >= lengthNanos / 2) {
            current = new Window(now, requests.sum(), failures.sum(), current.alone());
            window = current;
        }
        requests.increment();
        failures.increment();
        Window judged =
                current.previous != null && now - current.previous.began < lengthNanos ? current.previous : current;
        return new Tally(requests.sum() - judged.requests, failures.sum() - judged.failures);
    }

    void clear() {
        window = null;
    }

    /** Requests of a window, and those of them that failed. */
    record Tally(long requests, long failures) {}

    /** Where the counts stood when a window began, and the window before it. */
    private record Window(
            long began,
            long requests,
            long failures,
            @Nullable Window previous) {

        Window alone() {
            return new Window(began, requests, failures, null);
        }
    }
}
