package dev.portway.routing;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to normalise a path, where there is nothing to do and where there is. Run by {@code ops/bench/jmh RequestPath}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestPathBenchmark {

    @Param({"/api/v2/tenant/customer-17/orders/4711", "/api/v2/./x/../tenant/%63ustomer-17/orders%2f4711"})
    String path = "/";

    @Benchmark
    public String normalize() {
        return RequestPath.normalize(path);
    }

    @Benchmark
    public String resolveDots() {
        return RequestPath.resolveDots(path);
    }
}
