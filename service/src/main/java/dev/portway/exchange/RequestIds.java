package dev.portway.exchange;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Makes ids for requests: short, unique in this process, unlikely to repeat in another. Thread-safe. */
public final class RequestIds {

    private final String prefix;
    private final AtomicLong next = new AtomicLong();

    public RequestIds(RandomGenerator random) {
        this.prefix = Long.toString(random.nextLong(36L * 36 * 36 * 36, 36L * 36 * 36 * 36 * 36), 36) + "-";
    }

    public String next() {
        return prefix + Long.toString(next.incrementAndGet(), 36);
    }
}
