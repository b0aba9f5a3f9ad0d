package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A lease that the file left no room for, and that ended before its time. Immutable.
 *
 * @param id of its route
 * @param owner null for none
 * @param why a clause
 */
public record DroppedLease(String id, @Nullable String owner, String why) {

    public DroppedLease {
        requireNonNull(id, "id");
        requireNonNull(why, "why");
    }

    static DroppedLease of(Lease lease, String why) {
        return new DroppedLease(lease.id(), lease.owner(), why);
    }
}
