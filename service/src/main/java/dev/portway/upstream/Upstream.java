package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LoadBalancingConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A route's targets and the strategy that chooses among them. Immutable, but for what the strategy remembers.
 *
 * <p>Which targets may be chosen changes rarely, and is worked out when a request first finds it changed; between changes
 * the strategy sees nothing but targets it may choose (decision 032).
 */
public final class Upstream {

    private final Target[] targets;
    private final LoadBalancingConfig balancing;
    private final @Nullable Stickiness stickiness;
    private final IntUnaryOperator random;
    private final double averageWeight;
    private final AtomicLong turn = new AtomicLong();
    private final AtomicInteger queued = new AtomicInteger();
    private final Percentile answers;
    private final @Nullable BackendPool pool; // of all the targets; null where there are none
    private volatile Choice choice; // written by whoever first finds it outdated, read by any thread

    /** @param targets whose backends are of one pool */
    public Upstream(List<Target> targets, LoadBalancingConfig balancing) {
        this(targets, balancing, null, null);
    }

    /**
     * An upstream that takes the place of another.
     *
     * @param targets whose backends are of one pool; those that could not be chosen before start slowly, if they are to
     * @param stickiness what binds clients to the same targets; null where nothing does
     * @param before null for none: all start alike
     */
    public Upstream(
            List<Target> targets,
            LoadBalancingConfig balancing,
            @Nullable Stickiness stickiness,
            @Nullable Upstream before) {
        this(
                targets,
                balancing,
                stickiness,
                bound -> ThreadLocalRandom.current().nextInt(bound),
                before == null ? null : before.choice.shares,
                before == null ? new Percentile() : before.answers);
    }

    /** @param random from a bound to a number from 0 to below it */
    Upstream(
            List<Target> targets,
            LoadBalancingConfig balancing,
            @Nullable Stickiness stickiness,
            IntUnaryOperator random,
            @Nullable Shares before) {
        this(targets, balancing, stickiness, random, before, new Percentile());
    }

    private Upstream(
            List<Target> targets,
            LoadBalancingConfig balancing,
            @Nullable Stickiness stickiness,
            IntUnaryOperator random,
            @Nullable Shares before,
            Percentile answers) {
        this.targets = targets.toArray(Target[]::new);
        this.balancing = requireNonNull(balancing, "balancing");
        this.stickiness = stickiness;
        this.random = requireNonNull(random, "random");
        this.answers = requireNonNull(answers, "answers");
        this.averageWeight = targets.stream()
                .mapToInt(Target::weight)
                .filter(weight -> weight > 0)
                .average()
                .orElse(1);
        this.pool = targets.isEmpty() ? null : targets.get(0).backend().pool();
        for (Target target : targets) {
            if (target.backend().pool() != pool) {
                throw new IllegalArgumentException("targets: " + targets + " (expected: backends of one pool)");
            }
        }
        this.choice = choose(before, null);
    }

    /** What binds clients to the same targets; null where nothing does. */
    public @Nullable Stickiness stickiness() {
        return stickiness;
    }

    /** Of the times that answers to GET and HEAD take to begin. */
    public Percentile answers() {
        return answers;
    }

    /** Whether a client is bound to a target, and so sent to another in need alone. */
    public boolean binds(Selection selection) {
        return stickiness != null && stickiness.boundTo(selection) != null;
    }

    public List<Target> targets() {
        return List.of(targets);
    }

    /**
     * Those that {@link #pick} chooses among at this moment: all that are well and not ejected; if none is, all that are
     * well; if none is, all that are enabled. No more are left out as ejected than the route's rule says, and none if all are.
     */
    public List<Target> candidates() {
        List<Target> enabled = Stream.of(targets).filter(Target::enabled).toList();
        List<Target> well =
                enabled.stream().filter(target -> target.backend().available()).toList();
        if (well.isEmpty()) {
            return enabled;
        }
        Set<Target> out = leftOut(well);
        return well.stream().filter(target -> !out.contains(target)).toList();
    }

    /** The ejected of {@code well}, the first ones, as many as the rule lets be out of these. */
    private static Set<Target> leftOut(List<Target> well) {
        record Ejected(Target target, Instant since) {}
        List<Ejected> ejected = new ArrayList<>();
        int most = 0;
        for (Target target : well) {
            Standing standing = target.standing();
            if (standing != null && standing.state().phase() == Standing.Phase.EJECTED) {
                ejected.add(new Ejected(target, standing.state().since()));
                most = well.size() * standing.rule().maxEjected() / 100;
            }
        }
        return ejected.size() == well.size()
                ? Set.of()
                : ejected.stream()
                        .sorted(Comparator.comparing(Ejected::since))
                        .limit(most)
                        .map(Ejected::target)
                        .collect(Collectors.toSet());
    }

    /**
     * The target for a request: one that is well; if none is, any that a person has not taken out. It is the one that the
     * request is bound to, or else the strategy's choice; where that is full, or has failed the request before, another that
     * is not and has not, if there is one.
     *
     * @param limit of the requests in flight to any backend
     * @return a target that has counted the request in, so that exactly one {@link Backend#end} must follow; or why none
     *     did
     */
    public Pick pick(Selection selection, int limit) {
        Choice current = choice();
        Target bound = stickiness == null ? null : stickiness.boundTo(selection);
        if (bound != null && current.shares.contains(bound) && takes(bound, selection, limit)) {
            return bound;
        }
        return current.pick(selection, limit);
    }

    /**
     * Another target for a request that one has failed, without regard to the strategy, whose choice that was: one that has
     * not.
     *
     * @param limit of the requests in flight to any backend
     * @param anyhow whether one that is thought to be down is better than none
     * @return a target that has counted the request in, as {@link #pick}; null if there is none
     */
    public @Nullable Target pickOther(Selection selection, int limit, boolean anyhow) {
        Others others = choice().others;
        Target found = others == null ? null : others.beginUntried(selection, limit);
        for (int i = 0; anyhow && i < targets.length && found == null; i++) {
            Target target = targets[i];
            if (target.enabled() && !selection.tried(target.backend()) && target.begin(limit)) {
                found = target;
            }
        }
        return found;
    }

    /** How far a target of these has come in its slow start; null where it is in none. */
    public @Nullable Growth growth(Target target) {
        return pool == null ? null : choice().shares.growth(target, pool.nanoTime());
    }

    /**
     * A wait for a target, which has yet to begin.
     *
     * @param limit of the requests in flight to any backend
     * @param most that may wait for a place at once
     * @param outcome told once, by any thread, of a target that has counted the request in, unless the wait is left before
     * @return null where as many wait for a place already
     */
    public @Nullable Wait await(Wait.For reason, int limit, int most, Consumer<Target> outcome) {
        if (reason == Wait.For.PLACE && queued.incrementAndGet() > most) {
            queued.decrementAndGet();
            return null;
        }
        return new Wait(this, reason, limit, outcome);
    }

    /** Whether nothing listens at any target that a person has not taken out, as far as those know who are held for them. */
    public boolean silent() {
        boolean silent = false;
        for (Target target : targets) {
            if (target.enabled()) {
                if (!target.backend().silent()) {
                    return false;
                }
                silent = true;
            }
        }
        return silent;
    }

    /** Requests that wait for a place. */
    public int queued() {
        return queued.get();
    }

    /** Whether a person has taken out all there are. */
    public boolean takenOut() {
        return choice().balancer == null;
    }

    void left(Wait.For reason) {
        if (reason == Wait.For.PLACE) {
            queued.decrementAndGet();
        }
    }

    Target[] all() {
        return targets;
    }

    /**
     * Counts one in at {@code target}, which waits for a place, if it may be chosen at this moment. Where all are on trial, they
     * take what there is, as in {@link #pick}.
     */
    boolean takes(Target target, int limit) {
        Choice current = choice();
        return current.shares.contains(target)
                && target.open(limit)
                && (!current.spares() || target.admits())
                && target.begin(limit);
    }

    private Choice choice() {
        Choice current = choice;
        if (pool != null && current.outdated(pool)) {
            current = choose(current.shares, current);
            choice = current;
        }
        return current;
    }

    private static boolean takes(Target target, Selection selection, int limit) {
        return !selection.tried(target.backend()) && target.open(limit) && target.admits() && target.begin(limit);
    }

    /** How long it takes at most until one of the full targets has room again; empty where nobody knows. */
    public Optional<Duration> untilOpen(int limit) {
        Duration shortest = null;
        for (Target target : candidates()) {
            Duration wait = target.untilOpen(limit);
            if (wait == null) {
                return Optional.empty();
            }
            shortest = shortest == null || wait.compareTo(shortest) < 0 ? wait : shortest;
        }
        return Optional.ofNullable(shortest);
    }

    /** The count of changes is read first, so that a change meanwhile shows at the next pick. */
    private Choice choose(@Nullable Shares before, @Nullable Choice current) {
        long changes = pool == null ? 0 : pool.changes();
        Shares shares = Shares.of(candidates(), before, pool == null ? 0 : pool.nanoTime());
        if (shares.targets.length == 0) {
            return new Choice(changes, shares, null, null);
        }
        Candidates candidates = new Candidates(shares.targets, shares.weights);
        LoadBalancer balancer = current != null && current.shares.sameAs(shares) ? current.balancer : null;
        return new Choice(
                changes,
                shares,
                balancer == null ? balancer(candidates, shares.weights) : balancer,
                new Others(candidates, random));
    }

    private LoadBalancer balancer(Candidates candidates, int[] weights) {
        if (candidates.size() == 1) {
            Target only = candidates.targets[0];
            return (selection, limit) -> only;
        }
        return switch (balancing.strategy()) {
            case ROUND_ROBIN -> new RoundRobin(candidates, turn);
            case RANDOM -> new WeightedRandom(candidates, random);
            case TWO_CHOICES -> new TwoChoices(candidates, random);
            case LEAST_REQUESTS -> new LeastRequests(candidates, random);
            case LEAST_LATENCY -> new LeastLatency(candidates, random);
            case HASH ->
                new ConsistentHash(
                        candidates,
                        balancing.key(),
                        new HashRing(candidates.targets, weights, averageWeight * Shares.STEPS));
        };
    }

    /** Who chooses, and the pool's count of changes that this is right for; nobody if nobody can be chosen. */
    private static final class Choice {
        final long changes;
        final Shares shares;
        final @Nullable LoadBalancer balancer;
        final @Nullable Others others;

        Choice(long changes, Shares shares, @Nullable LoadBalancer balancer, @Nullable Others others) {
            this.changes = changes;
            this.shares = shares;
            this.balancer = balancer;
            this.others = others;
        }

        boolean outdated(BackendPool pool) {
            return pool.changes() != changes || shares.outdated(pool);
        }

        /** Whether there are others to take what one on trial is not given. */
        boolean spares() {
            return others != null && others.steady();
        }

        Pick pick(Selection selection, int limit) {
            if (balancer == null || others == null) {
                return Pick.Nobody.TAKEN_OUT;
            }
            Target first = balancer.pick(selection, limit);
            if (takes(first, selection, limit)) {
                return first;
            }
            Target other = others.begin(selection, limit);
            return other == null ? Pick.Nobody.FULL : other;
        }
    }
}
