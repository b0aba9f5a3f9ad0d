package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * A lease that ended before its time, since the file left no room for it. Immutable.
 *
 * @param id of its route
 * @param owner whose it was; null for nobody's
 * @param reason why, in words
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DroppedLeaseView(String id, @Nullable String owner, String reason) {

    /**
     * A lease with these parts.
     *
     * @throws NullPointerException if {@code id} or {@code reason} is null
     */
    public DroppedLeaseView {
        requireNonNull(id, "id");
        requireNonNull(reason, "reason");
    }
}
