package dev.portway.policy;

import dev.portway.config.RouteConfig;
import org.jspecify.annotations.Nullable;

/** Makes one kind of rule. Called by one thread at a time, before the table that the rule is for is in force. */
@FunctionalInterface
public interface PolicyFactory {

    /**
     * The rule of {@code route}; null where it has none of this kind. What lives as traffic flows is kept over tables by
     * what the rule says, so that an edit of another route does not begin it anew.
     */
    @Nullable
    Policy compile(RouteConfig route);
}
