package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.EjectionConfig;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the traffic of one backend says of it, by each of the rules that its routes have. Thread-safe. */
final class Standings {

    private final BackendPool pool;
    private final ConcurrentHashMap<EjectionConfig, Standing> byRule = new ConcurrentHashMap<>();

    Standings(BackendPool pool) {
        this.pool = requireNonNull(pool, "pool");
    }

    /** Always the same for equal rules. */
    Standing by(EjectionConfig rule) {
        return byRule.computeIfAbsent(rule, absent -> new Standing(pool, absent));
    }

    void keepOnly(Set<EjectionConfig> rules) {
        byRule.keySet().retainAll(rules);
    }

    /** It begins anew by all of them. */
    void reset() {
        byRule.values().forEach(Standing::reset);
    }

    /** Ejected by any, else on trial by any; null where all is good. */
    Standing.@Nullable State worst() {
        Standing.State worst = null;
        for (Standing standing : byRule.values()) {
            Standing.State state = standing.state();
            if (state.phase() == Standing.Phase.EJECTED || (state.phase() == Standing.Phase.TRIAL && worst == null)) {
                worst = state;
            }
        }
        return worst;
    }

    /** By whatever rule. */
    long ejections() {
        return byRule.values().stream().mapToLong(Standing::ejections).sum();
    }

    /** The last that traffic changed about it, or {@code other} where that came later. */
    Change lastChange(Change other) {
        Change last = other;
        for (Standing standing : byRule.values()) {
            Standing.State state = standing.state();
            if (state.reason() != null && !state.since().isBefore(last.at())) {
                last = new Change(Change.written(state.phase()), Change.By.EJECTION, state.since(), state.reason());
            }
        }
        return last;
    }
}
