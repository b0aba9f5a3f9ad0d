package dev.portway.observe;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.route;

import com.codahale.metrics.MetricRegistry;
import dev.portway.config.LoggingConfig.Format;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.health.Tables;
import java.time.ZoneOffset;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What recording one exchange costs: its metrics on the event loop, its line on the access log's thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RecordingBenchmark {

    private final ExchangeRecord exchange = Exchanges.exchange().record();
    private final ProxyMetrics metrics = new ProxyMetrics(new MetricRegistry());
    private final RecordQueue<ExchangeRecord> queue = new RecordQueue<>(AccessLog.CAPACITY);
    private final LineBuffer buffer = new LineBuffer(8192);

    @Param({"TEXT", "JSON", "COMBINED"})
    private Format format = Format.TEXT;

    private AccessFormat writer = AccessFormat.of(format, ZoneOffset.UTC);

    @Setup
    public void publish() {
        metrics.tableChanged(new Tables().of(route("web", http("localhost", 3000))));
        writer = AccessFormat.of(format, ZoneOffset.UTC);
    }

    @Benchmark
    public void metrics() {
        metrics.begin();
        metrics.routed("web");
        metrics.record(exchange);
    }

    @Benchmark
    public boolean queue() {
        return queue.offer(Clip.clip(exchange)) && queue.poll() != null;
    }

    @Benchmark
    public int line() {
        writer.append(exchange, buffer);
        int size = buffer.size();
        buffer.discard(size);
        return size;
    }

    public static void main(String[] args) throws Exception {
        new Runner(new OptionsBuilder()
                        .include(RecordingBenchmark.class.getSimpleName())
                        .build())
                .run();
    }
}
