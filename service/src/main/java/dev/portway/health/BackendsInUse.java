package dev.portway.health;

import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Target;
import java.util.LinkedHashSet;
import java.util.Set;

/** The backends that requests may reach: those of the routes that are enabled, and of the default. */
final class BackendsInUse {

    private BackendsInUse() {}

    static Set<Backend> of(RouteTable table) {
        Set<Backend> backends = new LinkedHashSet<>();
        for (Route route : table.routes()) {
            if (route.config().enabled()) {
                add(route, backends);
            }
        }
        Route last = table.defaultRoute();
        if (last != null) {
            add(last, backends);
        }
        return backends;
    }

    private static void add(Route route, Set<Backend> backends) {
        for (Target target : route.upstream().targets()) {
            backends.add(target.backend());
        }
    }
}
