package dev.portway.policy.transform;

import static java.util.Objects.requireNonNull;

import dev.portway.config.RouteConfig;
import dev.portway.policy.Policy;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the rules that transform requests, and counts what is put right in responses because of them. Thread-safe. */
public final class Transforms {

    private final LongAdder repaired = new LongAdder();
    private final ObjIntConsumer<String> byRoute;

    /** @param byRoute told of the route's id, and how many fields of a response were put right */
    public Transforms(ObjIntConsumer<String> byRoute) {
        this.byRoute = requireNonNull(byRoute, "byRoute");
    }

    /** The rule of {@code route}; null where requests and responses pass as they are. */
    public @Nullable Policy policyOf(RouteConfig route) {
        TransformPolicy policy = new TransformPolicy(route, this::count);
        return policy.changes() ? policy : null;
    }

    private void count(String route, int fields) {
        if (fields > 0) {
            repaired.add(fields);
            byRoute.accept(route, fields);
        }
    }

    /** Fields of responses that were put right so far. */
    public long repaired() {
        return repaired.sum();
    }
}
