package dev.portway.upstream;

import dev.portway.config.LoadBalancing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route's targets and the strategy that chooses among them. Immutable, but for what the strategy remembers. */
public final class Upstream {

    private final Target[] targets;
    private final LoadBalancer balancer;

    public Upstream(List<Target> targets, LoadBalancing strategy) {
        this.targets = targets.toArray(Target[]::new);
        this.balancer = new Single(); // TODO by the balancing work
    }

    public List<Target> targets() {
        return List.of(targets);
    }

    /**
     * The target for the next request: one that is well; if none is, any that a person has not taken out.
     *
     * @return null if every target is drained or set down
     */
    public @Nullable Target pick() {
        Target well = balancer.pick(targets, true);
        return well == null ? balancer.pick(targets, false) : well;
    }

    private static final class Single implements LoadBalancer {
        @Override
        public @Nullable Target pick(Target[] targets, boolean wellOnly) {
            for (Target target : targets) {
                if (target.enabled() && (!wellOnly || target.backend().available())) {
                    return target;
                }
            }
            return null;
        }
    }
}
