package dev.portway.upstream;

import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** The time to pick one of 100 targets. Run by {@code ops/bench/jmh Pick}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PickBenchmark {

    private static final int TARGETS = 100;
    private static final Selection ANYTHING = Asked.anything();

    @Param
    LoadBalancing strategy = LoadBalancing.ROUND_ROBIN;

    @Param({"equal", "mixed"})
    String weights = "equal";

    /** Requests in flight to each backend: none at all, or 1 to 19, so that no idle one ends the search. */
    @Param({"idle", "busy"})
    String load = "idle";

    private Upstream upstream = new Upstream(List.of(), LoadBalancingConfig.of(strategy));

    @Setup
    public void build() {
        var random = new Random(1);
        var pool = new BackendPool(InstantSource.system());
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            TargetUrl url = TargetUrl.ofPort(10_000 + i);
            Backend backend = pool.retain(new Backend.Identity(url, null, null, null));
            backend.recordLatency(1_000_000 + random.nextInt(1_000_000));
            for (int n = load.equals("busy") ? 1 + random.nextInt(19) : 0; n > 0; n--) {
                backend.begin(Integer.MAX_VALUE, null);
            }
            int weight = weights.equals("mixed") ? 1 + random.nextInt(10) : 1;
            targets.add(new Target(backend, new TargetConfig(url, weight, TargetState.UP, null), null, null));
        }
        upstream = new Upstream(targets, LoadBalancingConfig.of(strategy));
    }

    @Benchmark
    public Pick pick() {
        Pick pick = upstream.pick(ANYTHING, Integer.MAX_VALUE);
        if (pick instanceof Target target) {
            target.backend().end();
        }
        return pick;
    }
}
