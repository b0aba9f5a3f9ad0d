package dev.portway.exchange;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What copying the fields of a response costs, less those that concern the backend's connection. Run by {@code
 * ops/bench/jmh HeaderCopy -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeaderCopyBenchmark {

    private final HttpFields.Mutable response = HttpFields.build()
            .add("Server", "nginx")
            .add("Date", "Fri, 02 Jan 2026 12:34:56 GMT")
            .add("Content-Type", "application/json")
            .add("Content-Length", "13")
            .add("ETag", "\"5e2c-1a\"")
            .add("Cache-Control", "no-cache")
            .add("X-Request-Id", "b1946ac92492d234");

    @Param({"", "keep-alive", "keep-alive, X-Request-Id"})
    private String connection = "";

    private final HttpFields.Mutable copy = HttpFields.build();

    /** Says of the connection what it says. */
    @Setup
    public void say() {
        if (!connection.isEmpty()) {
            response.add("Connection", connection);
        }
    }

    @Benchmark
    public HttpFields copied() {
        HopByHop.copyEndToEnd(response, copy.clear());
        return copy;
    }
}
