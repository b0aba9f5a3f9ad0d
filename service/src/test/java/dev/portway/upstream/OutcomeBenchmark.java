package dev.portway.upstream;

import dev.portway.config.EjectionConfig;
import dev.portway.config.TargetUrl;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to let one request pass and to take note that it went well, beside resilience4j's circuit breaker. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class OutcomeBenchmark {

    private final Standing standing = new BackendPool(InstantSource.system())
            .retain(new Backend.Identity(TargetUrl.ofPort(1), null, null, null))
            .standing(EjectionConfig.DEFAULT);

    /** Those of one circuit breaker. */
    @State(Scope.Benchmark)
    public static class Breaker {

        @Param({"COUNT_BASED", "TIME_BASED"})
        private SlidingWindowType window = SlidingWindowType.COUNT_BASED;

        @Param({"SYNCHRONIZED", "LOCK_FREE"})
        private SlidingWindowSynchronizationStrategy synchronization =
                SlidingWindowSynchronizationStrategy.SYNCHRONIZED;

        private CircuitBreaker breaker = CircuitBreaker.ofDefaults("unset");

        /** Makes the one of these parameters. */
        @Setup
        public void start() {
            breaker = CircuitBreaker.of(
                    "backend",
                    CircuitBreakerConfig.custom()
                            .slidingWindow(10, 20, window, synchronization)
                            .build());
        }
    }

    @Benchmark
    public boolean standing() {
        return standing.admits() && standing.succeeded(standing.state());
    }

    @Benchmark
    public boolean circuitBreaker(Breaker of) {
        boolean permitted = of.breaker.tryAcquirePermission();
        of.breaker.onSuccess(1_000_000, TimeUnit.NANOSECONDS);
        return permitted;
    }
}
