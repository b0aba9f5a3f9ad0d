package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.BackendView;
import dev.portway.config.TargetState;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Backends as they go over the wire, each with the routes of one table that use it. Immutable. */
final class BackendViews {

    private static final String UNTIL_RESTART =
            "Holds until the proxy restarts; to keep it, set \"state\" in the route's target.";

    private final Map<Backend, Set<String>> routes = new HashMap<>();

    BackendViews(RouteTable table) {
        List<Route> all = new ArrayList<>(table.routes());
        Route fallback = table.defaultRoute();
        if (fallback != null) {
            all.add(fallback);
        }
        for (Route route : all) {
            route.upstream()
                    .targets()
                    .forEach(target -> routes.computeIfAbsent(target.backend(), backend -> new LinkedHashSet<>())
                            .add(route.id()));
        }
    }

    /** Those of the pool, by id. */
    List<BackendView> of(BackendPool pool) {
        return pool.backends().stream()
                .map(this::of)
                .sorted(Comparator.comparing(BackendView::id))
                .toList();
    }

    BackendView of(Backend backend) {
        TargetState state = backend.override();
        Backend.Failure failure = backend.lastFailure();
        long nanos = backend.latency().averageNanos();
        return new BackendView(
                backend.id(),
                backend.identity().url().origin(),
                written(backend.condition().health()),
                backend.condition().since(),
                backend.condition().reason(),
                state == null ? null : written(state),
                state == null ? null : UNTIL_RESTART,
                backend.inFlight(),
                backend.requests(),
                backend.failures(),
                nanos == 0 ? null : Math.round(nanos / 1e3) / 1e3,
                failure == null ? null : new BackendView.LastError(failure.reason(), failure.when()),
                ejection(backend.ejection()),
                List.copyOf(routes.getOrDefault(backend, Set.of())));
    }

    private static BackendView.@Nullable Ejection ejection(Standing.@Nullable State state) {
        return state == null
                ? null
                : new BackendView.Ejection(
                        written(state.phase()),
                        state.since(),
                        state.until(),
                        requireNonNull(state.reason()),
                        state.times());
    }

    /** A closed set's name as the API has it. */
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The state that {@code text} names; null if it names none. */
    static @Nullable TargetState state(String text) {
        for (TargetState state : TargetState.values()) {
            if (written(state).equals(text)) {
                return state;
            }
        }
        return null;
    }
}
