package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LoadBalancing;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Backends that serve a few requests at once and let the others wait, under load that comes as it likes; for a while one of
 * them takes ten times as long. Tells how long requests take by each strategy. The same at every run. {@code main} prints a
 * table; run by {@code ops/bench/balancing}.
 */
final class BalancingSimulation {

    /** At once, by each backend; 10 ms each on average. */
    private static final int WORKERS = 8;

    private static final double SERVICE_NANOS = 10e6;
    private static final int SLOWDOWN = 10;
    private static final double LOAD = 0.5; // of what all can serve while none is slow
    private static final int CLIENTS = 10_000;
    private static final long SLOW_FROM = TimeUnit.SECONDS.toNanos(20);
    private static final long SLOW_UNTIL = TimeUnit.SECONDS.toNanos(40);
    private static final long BACK_BY = TimeUnit.SECONDS.toNanos(50);
    private static final long END = TimeUnit.SECONDS.toNanos(60);

    private final Random random = new Random(7);
    private final Targets targets = new Targets();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingInt(Event::number));
    private final Node[] nodes;
    private final IdentityHashMap<Target, Node> byTarget = new IdentityHashMap<>();
    private final Upstream upstream;
    private final Samples well = new Samples();
    private final Samples ill = new Samples();
    private int number;
    private int illPicks;
    private int illPicksOfSlow;
    private int backPicks;
    private int backPicksOfSlow;

    private BalancingSimulation(LoadBalancing strategy, int backends) {
        Target[] all =
                targets.weighing(IntStream.generate(() -> 1).limit(backends).toArray());
        this.nodes = Arrays.stream(all).map(Node::new).toArray(Node[]::new);
        for (Node node : nodes) {
            byTarget.put(node.target, node);
        }
        this.upstream = Targets.upstream(strategy, all);
    }

    /**
     * What came of it; times in milliseconds.
     *
     * @param wellMedian of requests that came while no backend was slow yet, and so on
     * @param slowShare how many of a thousand requests went to the slow one while it was
     * @param backShare the same from ten seconds after that on
     */
    record Outcome(
            double wellMedian,
            double wellP99,
            double illMedian,
            double illP99,
            double illP999,
            int slowShare,
            int backShare) {}

    static Outcome of(LoadBalancing strategy, int backends) {
        return new BalancingSimulation(strategy, backends).run();
    }

    private Outcome run() {
        arrivalAfter(0);
        for (Event event = events.remove(); event.at < END; event = events.remove()) {
            targets.nanos.set(event.at);
            if (event.node == null) {
                arrive(event.at);
                arrivalAfter(event.at);
            } else {
                event.node.leaves(event.at);
            }
        }
        return new Outcome(
                well.quantile(0.5),
                well.quantile(0.99),
                ill.quantile(0.5),
                ill.quantile(0.99),
                ill.quantile(0.999),
                1000 * illPicksOfSlow / illPicks,
                1000 * backPicksOfSlow / backPicks);
    }

    private void arrivalAfter(long now) {
        double pause = SERVICE_NANOS / WORKERS / nodes.length / LOAD;
        events.add(new Event(now + exponential(pause), number++, null));
    }

    private void arrive(long now) {
        Target target = (Target) upstream.pick(Asked.by("client " + random.nextInt(CLIENTS)), Integer.MAX_VALUE);
        Node node = requireNonNull(byTarget.get(target), "target");
        if (now >= SLOW_FROM && now < SLOW_UNTIL) {
            illPicks++;
            illPicksOfSlow += node == nodes[0] ? 1 : 0;
        } else if (now >= BACK_BY) {
            backPicks++;
            backPicksOfSlow += node == nodes[0] ? 1 : 0;
        }
        node.comes(now);
    }

    private long exponential(double mean) {
        return (long) (-mean * Math.log(1 - random.nextDouble())) + 1;
    }

    /** At {@code at} a request comes, or, where there is a node, leaves it. */
    private record Event(long at, int number, @Nullable Node node) {}

    /** A backend. */
    private final class Node {
        private final Target target;
        private final Deque<Long> waiting = new ArrayDeque<>(); // when they came
        private final PriorityQueue<long[]> served = new PriorityQueue<>(Comparator.comparingLong(one -> one[0]));

        Node(Target target) {
            this.target = target;
        }

        void comes(long now) {
            if (served.size() < WORKERS) {
                serve(now, now);
            } else {
                waiting.add(now);
            }
        }

        private void serve(long came, long now) {
            boolean slow = this == nodes[0] && now >= SLOW_FROM && now < SLOW_UNTIL;
            long until = now + exponential(slow ? SLOWDOWN * SERVICE_NANOS : SERVICE_NANOS);
            served.add(new long[] {until, came});
            events.add(new Event(until, number++, this));
        }

        void leaves(long now) {
            long came = served.remove()[1];
            target.backend().end();
            target.backend().recordLatency(now - came);
            if (came < SLOW_FROM) {
                well.add(now - came);
            } else if (came < SLOW_UNTIL) {
                ill.add(now - came);
            }
            if (!waiting.isEmpty()) {
                serve(waiting.remove(), now);
            }
        }
    }

    /** Times, in nanoseconds. */
    private static final class Samples {
        private long[] nanos = new long[1 << 16];
        private int size;

        void add(long value) {
            nanos = size == nanos.length ? Arrays.copyOf(nanos, 2 * size) : nanos;
            nanos[size++] = value;
        }

        double quantile(double share) {
            long[] sorted = Arrays.copyOf(nanos, size);
            Arrays.sort(sorted);
            return sorted[(int) (share * (size - 1))] / 1e6;
        }
    }

    public static void main(String[] args) {
        for (int backends : new int[] {5, 100}) {
            System.out.printf(
                    "| strategy, %d backends | median before | 99%% before | median | 99%% | 99.9%% |"
                            + " to the slow one | to it afterwards |%n|---|--:|--:|--:|--:|--:|--:|--:|%n",
                    backends);
            for (LoadBalancing strategy : LoadBalancing.values()) {
                Outcome it = of(strategy, backends);
                System.out.printf(
                        "| %s | %.0f | %.0f | %.0f | %,.0f | %,.0f | %.1f %% | %.1f %% |%n",
                        strategy.written(),
                        it.wellMedian,
                        it.wellP99,
                        it.illMedian,
                        it.illP99,
                        it.illP999,
                        it.slowShare / 10.0,
                        it.backShare / 10.0);
            }
            System.out.println();
        }
    }
}
