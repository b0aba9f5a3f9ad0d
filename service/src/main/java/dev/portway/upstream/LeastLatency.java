package dev.portway.upstream;

import java.util.function.IntUnaryOperator;

/**
 * The target whose answer is to be expected first: its average time to the head of the response, times the requests that
 * would then be in flight, for its weight. One that has not answered yet is tried, with one request at a time.
 */
final class LeastLatency implements LoadBalancer {

    /** Stands for the time of a backend that has been asked and has not answered anything yet. */
    private static final long UNANSWERED_NANOS = 60_000_000_000L;

    private final Target[] targets;
    private final Backend[] backends; // by the index of the target
    private final double[] shares; // 1 / weight
    private final BackendPool pool;
    private final IntUnaryOperator random;

    LeastLatency(Target[] targets, IntUnaryOperator random) {
        this.targets = targets;
        this.backends = new Backend[targets.length];
        this.shares = new double[targets.length];
        for (int i = 0; i < targets.length; i++) {
            backends[i] = targets[i].backend();
            shares[i] = 1.0 / targets[i].weight();
        }
        this.pool = backends[0].pool();
        this.random = random;
    }

    /** Begins anywhere, since new backends are all alike. */
    @Override
    public Target pick() {
        long now = pool.nanoTime();
        int best = -1;
        double least = Double.MAX_VALUE;
        int i = random.applyAsInt(backends.length);
        for (int n = 0; n < backends.length; n++) {
            double cost = cost(backends[i], now) * shares[i];
            if (best < 0 || cost < least) {
                least = cost;
                best = i;
            }
            i = i + 1 == backends.length ? 0 : i + 1;
        }
        return targets[best];
    }

    private static double cost(Backend backend, long now) {
        int inFlight = backend.inFlight();
        long expected = backend.latency().expectedNanos(now);
        if (expected > 0) {
            return (double) expected * (inFlight + 1);
        }
        return inFlight == 0 ? 0 : (double) UNANSWERED_NANOS * inFlight;
    }
}
