package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.BackendView;
import dev.portway.config.HealthConfig;
import dev.portway.config.TargetState;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import dev.portway.upstream.Change;
import dev.portway.upstream.Growth;
import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Backends as they go over the wire, each with the routes of one table that use it. Immutable. */
final class BackendViews {

    private static final String UNTIL_RESTART = "Holds until the proxy restarts; to keep it, set \"%s\" in the route.";

    private final Map<Backend, Set<String>> routes = new HashMap<>();
    private final Map<Backend, Set<TargetState>> states = new HashMap<>(); // as the file has them

    private final Map<Backend, BackendView.SlowStart> slowStarts = new HashMap<>(); // the smallest share of each

    /** @param now what the views are of */
    BackendViews(RouteTable table, Instant now) {
        List<Route> all = new ArrayList<>(table.routes());
        Route fallback = table.defaultRoute();
        if (fallback != null) {
            all.add(fallback);
        }
        for (Route route : all) {
            for (Target target : route.upstream().targets()) {
                Backend backend = target.backend();
                routes.computeIfAbsent(backend, absent -> new LinkedHashSet<>()).add(route.id());
                states.computeIfAbsent(backend, absent -> EnumSet.noneOf(TargetState.class))
                        .add(target.state());
                Growth growth = route.upstream().growth(target);
                if (growth != null) {
                    var slowStart = new BackendView.SlowStart(growth.share(), now.plus(growth.left()));
                    slowStarts.merge(backend, slowStart, (one, other) -> one.share() <= other.share() ? one : other);
                }
            }
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
        TargetState override = backend.override();
        TargetState state = override == null ? ofTheFile(backend) : override;
        Backend.Failure failure = backend.lastFailure();
        long nanos = backend.latency().averageNanos();
        return new BackendView(
                backend.id(),
                backend.identity().url().origin(),
                backend.identity().name(),
                written(backend.condition().health()),
                backend.condition().since(),
                backend.condition().reason(),
                state == null ? null : written(state),
                state == null ? null : override == null ? "file" : "admin",
                state == null ? null : backend.stateSince(),
                override == null ? null : UNTIL_RESTART.formatted("state"),
                check(backend),
                backend.inFlight(),
                backend.waiting(),
                backend.requests(),
                backend.failures(),
                nanos == 0 ? null : Math.round(nanos / 1e3) / 1e3,
                failure == null ? null : new BackendView.LastError(failure.reason(), failure.when()),
                ejection(backend.ejection()),
                slowStarts.get(backend),
                change(backend.lastChange()),
                List.copyOf(routes.getOrDefault(backend, Set.of())));
    }

    /** What takes it out in all its routes; null if they do not agree on anything but that it is up. */
    private @Nullable TargetState ofTheFile(Backend backend) {
        Set<TargetState> written = states.getOrDefault(backend, Set.of());
        TargetState state = written.size() == 1 ? written.iterator().next() : TargetState.UP;
        return state == TargetState.UP ? null : state;
    }

    private static BackendView.@Nullable Check check(Backend backend) {
        HealthConfig check = backend.identity().health();
        if (check == null) {
            return null;
        }
        if (check.tcp()) {
            return new BackendView.Check("tcp", null, null);
        }
        String override = backend.checkPath();
        String path = override == null ? check.path() : override;
        return new BackendView.Check(
                check.method(),
                BackendPatch.withoutQuery(path),
                override == null ? null : UNTIL_RESTART.formatted("health.path"));
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

    private static BackendView.Change change(Change change) {
        return new BackendView.Change(change.to(), written(change.by()), change.at(), change.reason());
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
