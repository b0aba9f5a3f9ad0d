package dev.portway.policy.limit;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portway.config.LimitConfig;
import dev.portway.config.WrittenDuration;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * So many requests in a span of time, for each key, by resilience4j's limiter (decision 154): one permission for each
 * {@code per / requests}, of which {@code burst - 1} may be reserved ahead. Nobody waits for a reservation; having got one
 * is having passed. A key that has all its permissions again is forgotten, which changes nothing. Thread-safe.
 */
final class RateLimit implements Limit {

    /** Beyond this many, those are forgotten that came least: what a limit may take of the heap is bounded. */
    static final int MAX_KEYS = 100_000;

    private final LimitConfig.Rate rule;
    private final long intervalNanos;
    private final long toleranceNanos;
    private final Cache<String, AtomicRateLimiter> limiters;
    private final Function<String, AtomicRateLimiter> newLimiter;
    private final LongSupplier nanoTime;
    private volatile long now; // asked for once for each request, by its thread; read by the cache and the limiters

    RateLimit(LimitConfig.Rate rule) {
        this(rule, System::nanoTime);
    }

    RateLimit(LimitConfig.Rate rule, LongSupplier nanoTime) {
        this.rule = requireNonNull(rule, "rule");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.now = nanoTime.getAsLong();
        this.intervalNanos = Math.round((double) rule.per().toNanos() / rule.requests());
        this.toleranceNanos = (rule.burst() - 1) * intervalNanos;
        Duration full = Duration.ofNanos(toleranceNanos + intervalNanos);
        this.limiters = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(full.plusSeconds(1))
                .ticker(() -> now)
                .executor(Runnable::run) // its order is kept up in pieces of some reads: to wake another thread costs
                // more
                .build();
        RateLimiterConfig limiter = RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(Duration.ofNanos(intervalNanos))
                .timeoutDuration(Duration.ofNanos(toleranceNanos))
                .build();
        Supplier<Long> clock = () -> now;
        this.newLimiter = key -> new AtomicRateLimiter("", limiter, clock);
    }

    @Override
    public long take(String key) {
        AtomicRateLimiter limiter = limiter(key);
        long wait = limiter.reservePermission(1);
        return wait >= 0 ? wait : -Math.max(1, untilNext(limiter));
    }

    @Override
    public long look(String key) {
        return -Math.max(0, untilNext(limiter(key)));
    }

    private AtomicRateLimiter limiter(String key) {
        now = nanoTime.getAsLong();
        AtomicRateLimiter limiter = limiters.getIfPresent(key);
        return limiter == null ? limiters.get(key, newLimiter) : limiter;
    }

    /** Until a reservation is in reach again; not positive where one is now. */
    private long untilNext(AtomicRateLimiter limiter) {
        return limiter.getDetailedMetrics().getNanosToWait() - toleranceNanos;
    }

    @Override
    public void ended(String key) {}

    @Override
    public boolean countsEnds() {
        return false;
    }

    @Override
    public String quota() {
        return ";q=" + rule.requests() + ";w=" + seconds(rule.per().toNanos());
    }

    @Override
    public long left(long taken) {
        return taken < 0 ? 0 : taken == 0 ? rule.burst() - 1 : (toleranceNanos - taken) / intervalNanos;
    }

    /**
     * A permission for which nobody would have had to wait comes back within one interval, one that was reserved ahead an
     * interval after the time it stands for.
     */
    @Override
    public long untilMore(long taken) {
        return seconds(taken < 0 ? -taken : taken + intervalNanos);
    }

    private static long seconds(long nanos) {
        return (nanos + 999_999_999) / 1_000_000_000;
    }

    @Override
    public long retryNanos(long refused) {
        return -refused;
    }

    @Override
    public String shown() {
        return "more than " + rule.requests() + " requests in " + WrittenDuration.written(rule.per())
                + (rule.burst() == rule.requests() ? "" : ", and more than " + rule.burst() + " at once");
    }

    /** Keys that are remembered. */
    long keys() {
        now = nanoTime.getAsLong();
        limiters.cleanUp();
        return limiters.estimatedSize();
    }
}
