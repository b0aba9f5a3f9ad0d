package dev.portway.config;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How one of a route's targets is chosen for a request. */
public enum LoadBalancing {
    /** In turn, by weight, spread evenly. The default. */
    ROUND_ROBIN("round-robin"),
    /** At random, by weight. */
    RANDOM("random"),
    /** The less busy of two chosen at random. */
    TWO_CHOICES("two-choices"),
    /** The one with the fewest requests in flight, by weight. */
    LEAST_REQUESTS("least-requests"),
    /** The one that lately answered first, times its requests in flight, by weight. */
    LEAST_LATENCY("least-latency"),
    /** The same for all requests with the same key, as long as it has no more than its share. */
    HASH("hash");

    private final String written;

    LoadBalancing(String written) {
        this.written = written;
    }

    /** As the file has it. */
    public String written() {
        return written;
    }

    static LoadBalancing read(Cursor at) throws InvalidValueException {
        String text = at.text("a way of balancing", names());
        for (LoadBalancing balancing : values()) {
            if (balancing.written.equals(text)) {
                return balancing;
            }
        }
        throw new InvalidValueException("is not a way of balancing", names());
    }

    static String names() {
        return Arrays.stream(values()).map(LoadBalancing::written).collect(Collectors.joining(", "));
    }
}
