package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading the configuration file did. Immutable.
 *
 * @param at when it was read
 * @param applied whether what it says is in force; if false, the routes before it still are
 * @param added ids of the routes that are new
 * @param changed ids of the routes that say something else than before
 * @param removed ids of the routes that are gone
 * @param kept ids of the routes that stayed as they were, connections and health included
 * @param restartNeeded JSON pointers of values that take effect at the next start only
 * @param leasesDropped leases that ended, since the file left no room for them
 * @param errors why it was not applied; empty if it was
 * @param warnings what is allowed but doubtful
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReloadView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at,
        boolean applied,
        List<String> added,
        List<String> changed,
        List<String> removed,
        List<String> kept,
        List<String> restartNeeded,
        List<DroppedLeaseView> leasesDropped,
        List<ProblemEntry> errors,
        List<ProblemEntry> warnings) {

    /**
     * A report with these parts; null for a list becomes an empty one.
     *
     * @throws NullPointerException if {@code at} is null
     */
    public ReloadView(
            Instant at,
            boolean applied,
            @Nullable List<String> added,
            @Nullable List<String> changed,
            @Nullable List<String> removed,
            @Nullable List<String> kept,
            @Nullable List<String> restartNeeded,
            @Nullable List<DroppedLeaseView> leasesDropped,
            @Nullable List<ProblemEntry> errors,
            @Nullable List<ProblemEntry> warnings) {
        this.at = requireNonNull(at, "at");
        this.applied = applied;
        this.added = copy(added);
        this.changed = copy(changed);
        this.removed = copy(removed);
        this.kept = copy(kept);
        this.restartNeeded = copy(restartNeeded);
        this.leasesDropped = copy(leasesDropped);
        this.errors = copy(errors);
        this.warnings = copy(warnings);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
