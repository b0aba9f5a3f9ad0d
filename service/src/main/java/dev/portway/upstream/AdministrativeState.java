package dev.portway.upstream;

import dev.portway.config.TargetState;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people have set about one backend: by the admin API, which wins and holds until a restart, and by the configuration of
 * its routes. Says how it is; who has to be told of a change, {@link Backend} tells. Thread-safe, takes no lock: it is written
 * by requests to the admin API and as tables change, and read by any thread.
 */
final class AdministrativeState {

    private volatile @Nullable TargetState override; // written by the admin API
    private volatile @Nullable Change overridden; // written with override, read by the admin API
    private volatile Set<String> downFor = Set.of(); // routes; written as tables change
    private volatile Change configured; // written as tables change, read by the admin API
    private volatile @Nullable String checkPath; // written by the admin API, read by the checks

    /** Nothing is set but that it is in use. */
    AdministrativeState(Instant now) {
        this.configured = new Change("in use", Change.By.CONFIGURATION, now, null);
    }

    /**
     * Takes over what the admin API set for another.
     *
     * @param check whether that has the same check
     */
    void succeed(AdministrativeState other, boolean check) {
        override = other.override;
        overridden = other.overridden;
        if (check) {
            checkPath = other.checkPath;
        }
    }

    /** The admin API's word; null for none. */
    @Nullable
    TargetState override() {
        return override;
    }

    void override(@Nullable TargetState state, Instant now) {
        this.override = state;
        this.overridden = new Change(state == null ? "configured" : Change.written(state), Change.By.API, now, null);
    }

    /** @param routes by their ids, whose configuration sets it down */
    void downFor(Set<String> routes) {
        downFor = Set.copyOf(routes);
    }

    /** Whether it is down for what came by this route: the admin API's word holds for all. */
    boolean down(String routeId) {
        TargetState set = override;
        return set == null ? downFor.contains(routeId) : set == TargetState.DOWN;
    }

    /** @param states that its routes give it, which are not those of before */
    void configured(Set<TargetState> states, Instant now) {
        configured = new Change(
                states.stream().map(Change::written).sorted().collect(Collectors.joining(", ")),
                Change.By.CONFIGURATION,
                now,
                null);
    }

    /** Since when it is let take requests or not as now. */
    Instant since() {
        Change set = overridden;
        return set == null || override == null ? configured.at() : set.at();
    }

    Change lastChange() {
        Change last = configured;
        Change set = overridden;
        return set == null || set.at().isBefore(last.at()) ? last : set;
    }

    /** What the admin API set for its check to ask for; null for nothing. */
    @Nullable
    String checkPath() {
        return checkPath;
    }

    void checkPath(@Nullable String path) {
        checkPath = path;
    }

    /** Whether the admin API set anything. */
    boolean setByHand() {
        return override != null || checkPath != null;
    }
}
