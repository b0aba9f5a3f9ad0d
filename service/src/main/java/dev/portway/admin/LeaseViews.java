package dev.portway.admin;

import dev.portway.config.WrittenDuration;
import dev.portway.routing.Lease;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leases as they go over the wire, in the route that is leased. */
final class LeaseViews {

    private LeaseViews() {}

    static Map<String, @Nullable Object> of(Lease lease, Instant now) {
        Lease.Term term = lease.term();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("owner", lease.owner());
        json.put("ttl", WrittenDuration.written(term.ttl()));
        json.put("expires", term.expires().toString());
        json.put("secondsLeft", term.secondsLeft(now));
        return json;
    }
}
