package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to have for a while. Immutable by agreement: nobody changes {@code route}.
 *
 * @param id of the route
 * @param route of the list form
 * @param ttl how long, if it is not renewed
 * @param owner who alone may renew, change or end it; null for anybody who names no owner either
 */
public record LeaseRequest(
        String id, ObjectNode route, Duration ttl, @Nullable String owner) {

    public LeaseRequest {
        requireNonNull(id, "id");
        requireNonNull(route, "route");
        if (ttl.compareTo(Lease.MIN_TTL) < 0 || ttl.compareTo(Lease.MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: 1s..24h)");
        }
    }
}
