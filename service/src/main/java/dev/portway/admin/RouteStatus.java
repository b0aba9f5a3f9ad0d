package dev.portway.admin;

import dev.portway.routing.Route;
import dev.portway.upstream.Condition;
import dev.portway.upstream.Target;
import java.util.List;

/** How a route does, by the backends that may serve it. */
enum RouteStatus {
    /** At least one backend is known to be well, or none is needed. */
    UP,
    /** No backend is well, or a person took every one out. */
    DOWN,
    /** Nobody has looked yet. */
    UNKNOWN,
    /** The route is switched off. */
    DISABLED;

    static RouteStatus of(Route route) {
        if (!route.config().enabled()) {
            return DISABLED;
        }
        List<Condition.Health> healths = route.upstream().targets().stream()
                .filter(Target::enabled)
                .map(target -> target.backend().condition().health())
                .toList();
        if (route.config().targets().isEmpty() || healths.contains(Condition.Health.UP)) {
            return UP;
        }
        return healths.contains(Condition.Health.UNKNOWN) ? UNKNOWN : DOWN;
    }
}
