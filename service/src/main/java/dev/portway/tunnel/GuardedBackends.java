package dev.portway.tunnel;

import dev.portway.config.TargetUrl;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The backends of routes that not everybody may use: a tunnel to one of them would lead round the rules. Immutable. */
final class GuardedBackends {

    private final List<Route> routes = new ArrayList<>();

    GuardedBackends(RouteTable table) {
        table.routes().stream().filter(route -> route.policies().guard()).forEach(routes::add);
        if (table.defaultRoute() != null && table.defaultRoute().policies().guard()) {
            routes.add(table.defaultRoute());
        }
    }

    /** The route that one of {@code addresses} is a backend of; null for none. May ask the system, so not to be called on an event loop. */
    @Nullable
    Route among(List<InetSocketAddress> addresses) {
        for (Route route : routes) {
            for (Target target : route.upstream().targets()) {
                if (is(target.url(), addresses)) {
                    return route;
                }
            }
        }
        return null;
    }

    private static boolean is(TargetUrl url, List<InetSocketAddress> addresses) {
        if (url.local() || addresses.stream().noneMatch(address -> address.getPort() == url.port())) {
            return false;
        }
        InetAddress[] backends;
        try {
            backends = InetAddress.getAllByName(url.host());
        } catch (UnknownHostException e) {
            return false; // it is nowhere, so nobody is led there
        }
        for (InetAddress backend : backends) {
            for (InetSocketAddress address : addresses) {
                InetAddress asked = address.getAddress();
                if (asked.equals(backend) || (OwnListeners.here(asked) && OwnListeners.here(backend))) {
                    return true;
                }
            }
        }
        return false;
    }
}
