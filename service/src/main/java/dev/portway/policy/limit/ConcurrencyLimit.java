package dev.portway.policy.limit;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LimitConfig;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** So many requests at the same time, for each key; a key is remembered while one of its requests is under way. Thread-safe. */
final class ConcurrencyLimit implements Limit {

    private static final long REFUSED = -1;
    private static final long RETRY_NANOS = 1_000_000_000;

    private final LimitConfig.Concurrency rule;
    private final ConcurrentHashMap<String, Integer> underWay = new ConcurrentHashMap<>();

    ConcurrencyLimit(LimitConfig.Concurrency rule) {
        this.rule = requireNonNull(rule, "rule");
    }

    @Override
    public long take(String key) {
        long[] left = {REFUSED};
        underWay.compute(key, (same, count) -> {
            int before = count == null ? 0 : count;
            if (before >= rule.concurrent()) {
                return count;
            }
            left[0] = rule.concurrent() - before - 1L;
            return before + 1;
        });
        return left[0];
    }

    @Override
    public long look(String key) {
        return count(key) >= rule.concurrent() ? REFUSED : 0;
    }

    /** Requests of {@code key} that are under way. */
    int count(String key) {
        return underWay.getOrDefault(key, 0);
    }

    /** Keys that are remembered. */
    int keys() {
        return underWay.size();
    }

    @Override
    public void ended(String key) {
        underWay.computeIfPresent(key, ConcurrencyLimit::oneLess);
    }

    private static @Nullable Integer oneLess(String key, Integer count) {
        return count == 1 ? null : count - 1;
    }

    @Override
    public boolean countsEnds() {
        return true;
    }

    @Override
    public String quota() {
        return ";q=" + rule.concurrent() + ";qu=\"concurrent-requests\"";
    }

    @Override
    public long left(long taken) {
        return Math.max(0, taken);
    }

    @Override
    public long untilMore(long taken) {
        return -1;
    }

    @Override
    public long retryNanos(long refused) {
        return RETRY_NANOS;
    }

    @Override
    public String shown() {
        return "more than " + rule.concurrent() + " requests at the same time";
    }
}
