package dev.portway.policy.transform;

import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Makes the rules that transform requests, and counts what is put right in responses because of them. Thread-safe. */
public final class Transforms {

    private final LongAdder repaired = new LongAdder();

    /** The rule of {@code route}; null where requests and responses pass as they are. */
    public @Nullable Policy policyOf(RouteConfig route) {
        TransformPolicy policy = new TransformPolicy(route, repaired);
        return policy.changes() ? policy : null;
    }

    /** Fields of responses that were put right so far. */
    public long repaired() {
        return repaired.sum();
    }
}
