package dev.portway.upstream;

import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/** Targets of one pool whose clock stands still until it is moved, for tests. */
final class Targets {

    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final BackendPool pool = new BackendPool(InstantSource.fixed(Instant.EPOCH), nanos::get);
    private int port = 1;

    /** New targets, one for each weight. */
    Target[] weighing(int... weights) {
        return Arrays.stream(weights)
                .mapToObj(weight -> target(weight, TargetState.UP))
                .toArray(Target[]::new);
    }

    Target target(int weight, TargetState state) {
        TargetUrl url = TargetUrl.ofPort(port++);
        return target(new TargetConfig(url, weight, state, null));
    }

    Target target(TargetConfig config) {
        return new Target(pool.retain(new Backend.Identity(config.url(), null, null, null)), config, null, null);
    }

    static Upstream upstream(LoadBalancing strategy, Target... targets) {
        return upstream(LoadBalancingConfig.of(strategy), targets);
    }

    static Upstream upstream(LoadBalancingConfig balancing, Target... targets) {
        return new Upstream(List.of(targets), balancing, null, seeded(42), null);
    }

    /** All of them, with the weights that are written. */
    static Candidates candidates(Target... targets) {
        return new Candidates(
                targets, Arrays.stream(targets).mapToInt(Target::weight).toArray());
    }

    static IntUnaryOperator seeded(long seed) {
        var random = new Random(seed);
        return random::nextInt;
    }

    static void health(Target target, Condition.Health health) {
        target.backend().condition(new Condition(health, Instant.EPOCH, "test"));
    }

    static void busy(Target target, int requests) {
        for (int i = 0; i < requests; i++) {
            target.backend().begin(Integer.MAX_VALUE, null);
        }
    }

    /** What is picked for any request, which is over at once. */
    static Pick pick(Upstream upstream) {
        return pick(upstream, Asked.anything());
    }

    /** What is picked for this request, which is over at once. */
    static Pick pick(Upstream upstream, Selection asked) {
        Pick pick = upstream.pick(asked, Integer.MAX_VALUE);
        if (pick instanceof Target target) {
            target.backend().end();
        }
        return pick;
    }

    /** How often each of them is picked, by requests of as many clients. */
    static int[] counts(Upstream upstream, int picks, Target... targets) {
        Map<Pick, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(pick(upstream, Asked.by("client " + i)), 1, Integer::sum);
        }
        return Arrays.stream(targets)
                .mapToInt(target -> counts.getOrDefault(target, 0))
                .toArray();
    }

    /** The picks in order, by the index of the target. */
    static List<Integer> order(LoadBalancer balancer, int picks, Target... targets) {
        return Stream.generate(() -> balancer.pick(Asked.anything(), Integer.MAX_VALUE))
                .limit(picks)
                .map(Arrays.asList(targets)::indexOf)
                .toList();
    }
}
