package dev.portway.health;

import dev.portway.config.TargetState;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Target;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells backends when the configuration lets them take requests otherwise than before, and by which routes it sets them
 * down. Confined to the registry's lock.
 */
public final class ConfiguredStates implements RouteTableListener {

    private Map<Backend, Set<TargetState>> current = Map.of();

    @Override
    public void tableChanged(RouteTable table) {
        Map<Backend, Set<TargetState>> next = new HashMap<>();
        Map<Backend, Set<String>> down = new HashMap<>();
        Map<Backend, Set<String>> going = new HashMap<>();
        for (Route route : table.routes()) {
            for (Target target : route.upstream().targets()) {
                next.computeIfAbsent(target.backend(), absent -> EnumSet.noneOf(TargetState.class))
                        .add(target.state());
                (target.state() == TargetState.DOWN ? down : going)
                        .computeIfAbsent(target.backend(), absent -> new HashSet<>())
                        .add(route.id());
            }
        }
        next.forEach((backend, states) -> {
            if (!states.equals(current.getOrDefault(backend, states))) {
                backend.configured(states);
            }
            Set<String> routes = new HashSet<>(down.getOrDefault(backend, Set.of()));
            routes.removeAll(going.getOrDefault(backend, Set.of())); // which have another way there
            backend.downFor(routes);
        });
        current = next;
    }
}
