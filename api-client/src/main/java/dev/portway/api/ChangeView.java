package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the configuration file, without what it says: ids and names of keys only. Immutable.
 *
 * @param number by which it can be taken back
 * @param at when it was made, or noticed
 * @param by the user who made it; null where that is not known
 * @param how {@code add}, {@code put}, {@code patch}, {@code delete} or {@code undo} for those of the admin API, {@code hand}
 *     where somebody saved the file
 * @param undoes the number of the change that it takes back; null for none
 * @param undoneBy the number of the change that took it back, or by hand put its routes back; null while it holds
 * @param added ids of the routes that it added
 * @param changed ids of the routes that it changed
 * @param removed ids of the routes that it removed
 * @param summary the same in words, such as {@code changed web (target)}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ChangeView(
        long number,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at,
        @Nullable String by,
        String how,
        @Nullable Long undoes,
        @Nullable Long undoneBy,
        List<String> added,
        List<String> changed,
        List<String> removed,
        String summary) {

    /**
     * A change with these parts; null for a list becomes an empty one.
     *
     * @throws NullPointerException if {@code at}, {@code how} or {@code summary} is null
     */
    public ChangeView(
            long number,
            Instant at,
            @Nullable String by,
            String how,
            @Nullable Long undoes,
            @Nullable Long undoneBy,
            @Nullable List<String> added,
            @Nullable List<String> changed,
            @Nullable List<String> removed,
            String summary) {
        this.number = number;
        this.at = requireNonNull(at, "at");
        this.by = by;
        this.how = requireNonNull(how, "how");
        this.undoes = undoes;
        this.undoneBy = undoneBy;
        this.added = added == null ? List.of() : List.copyOf(added);
        this.changed = changed == null ? List.of() : List.copyOf(changed);
        this.removed = removed == null ? List.of() : List.copyOf(removed);
        this.summary = requireNonNull(summary, "summary");
    }
}
