package dev.portway.policy.limit;

import dev.portway.config.LimitConfig;
import dev.portway.config.LimitKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
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
 * What a limit costs a request: its key from the client's address, the look at what that has left, and the two fields that
 * tell of it. There are 256 clients. Their addresses are new strings, as those of a request are. Run by {@code ops/bench/jmh Limit}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LimitBenchmark {

    private static final int CLIENTS = 1 << 8;

    @Param({"203.0.", "2001:db8:0:"})
    private String network = "";

    private final Limit passing = limit(1_000_000, 1_000_000);
    private final Limit refusing = limit(1, 1);
    private final byte[][] addresses = new byte[CLIENTS][];
    private final HttpField quota = new HttpField(null, "RateLimit-Policy", "\"client\"" + passing.quota());
    private final LeftField left = new LeftField("\"client\"");
    private final Limit counting = limit(1_000_000, 1_000_000_000);
    private final HttpFields.Mutable fields =
            HttpFields.build(); // of a response, which has them with or without a limit
    private int next;

    private static Limit limit(int requests, int burst) {
        LimitKey key = new LimitKey(LimitKey.Kind.CLIENT, null);
        return new RateLimit(new LimitConfig.Rate(requests, Duration.ofSeconds(burst == 1 ? 3600 : 1), burst, key));
    }

    /** Makes the addresses of the clients. */
    @Setup
    @SuppressWarnings("deprecation") // the bytes are ASCII
    public void clients() {
        for (int i = 0; i < CLIENTS; i++) {
            String address =
                    network.contains(":") ? network + Integer.toHexString(i + 1) + "::1" : network + "113." + i;
            addresses[i] = new byte[address.length()];
            address.getBytes(0, address.length(), addresses[i], 0);
            for (int taken = 0; taken < 259 * i; taken++) {
                counting.take(KeyReader.client(address));
            }
        }
    }

    @SuppressWarnings("deprecation") // the bytes are ASCII
    private String address() {
        next = (next + 1) & (CLIENTS - 1);
        return new String(addresses[next], 0);
    }

    /** A request without a limit, for what making its address costs. */
    @Benchmark
    public String none() {
        return address();
    }

    @Benchmark
    public long taken() {
        return passing.take(KeyReader.client(address()));
    }

    @Benchmark
    public HttpFields takenAndTold() {
        return tell(passing);
    }

    @Benchmark
    public HttpFields refusedAndTold() {
        return tell(refusing);
    }

    /** What each client has left was said to no other a moment ago, so the words are made anew. */
    @Benchmark
    public HttpFields takenAndToldAnew() {
        return tell(counting);
    }

    private HttpFields tell(Limit limit) {
        long taken = limit.take(KeyReader.client(address()));
        return fields.clear().add(quota).add(left.of(limit.left(taken), limit.untilMore(taken)));
    }
}
