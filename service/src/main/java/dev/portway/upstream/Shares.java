package dev.portway.upstream;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which targets may be chosen, since when, and with what weight: that of a target with {@code slowStart} grows from the
 * moment it may be chosen. Immutable.
 */
final class Shares {

    /** In so many steps a weight grows; the weight of who has grown is so many times the written one. */
    static final int STEPS = 20;

    private static final long FOREVER = Duration.ofDays(365).toNanos(); // no slow start is longer

    final Target[] targets;
    final int[] weights; // by the index of the target
    private final Map<Backend, Long> since; // in nanoseconds
    private final boolean growing;
    private final long growsAt; // if it is growing

    private Shares(Target[] targets, Map<Backend, Long> since, long now) {
        this.targets = targets;
        this.since = since;
        this.weights = new int[targets.length];
        long next = Long.MAX_VALUE; // from now
        for (int i = 0; i < targets.length; i++) {
            long slowStart = targets[i].config().slowStart().toNanos();
            long age = now - since.getOrDefault(targets[i].backend(), now);
            long step = age >= slowStart ? STEPS : age * STEPS / slowStart;
            weights[i] = targets[i].weight() * (int) Math.max(1, step);
            if (step < STEPS) {
                next = Math.min(next, (step + 1) * slowStart / STEPS - age);
            }
        }
        this.growing = next < Long.MAX_VALUE;
        this.growsAt = now + next;
    }

    /** @param before who has been chosen until now, and keeps the time; null for nobody: then all have always been there */
    static Shares of(List<Target> targets, @Nullable Shares before, long now) {
        Map<Backend, Long> since = new HashMap<>();
        for (Target target : targets) {
            Backend backend = target.backend();
            if (before != null && !before.since.containsKey(backend)) {
                backend.load().returned(now);
            }
            since.put(backend, before == null ? now - FOREVER : before.since.getOrDefault(backend, now));
        }
        return new Shares(targets.toArray(Target[]::new), since, now);
    }

    /** How far a target has grown; null for one that has grown, and one that may not be chosen. */
    @Nullable
    Growth growth(Target target, long now) {
        for (int i = 0; i < targets.length; i++) {
            long slowStart = targets[i].config().slowStart().toNanos();
            long age = now - since.getOrDefault(targets[i].backend(), now);
            if (targets[i].equals(target) && age < slowStart) {
                return new Growth(
                        (double) weights[i] / (targets[i].weight() * STEPS), Duration.ofNanos(slowStart - age));
            }
        }
        return null;
    }

    /** Whether a weight has grown since. Asks for the time only while one may. */
    boolean outdated(BackendPool pool) {
        return growing && pool.nanoTime() - growsAt >= 0;
    }

    boolean contains(Target target) {
        for (Target candidate : targets) {
            if (candidate.equals(target)) {
                return true;
            }
        }
        return false;
    }

    boolean sameAs(Shares other) {
        return Arrays.equals(targets, other.targets) && Arrays.equals(weights, other.weights);
    }
}
