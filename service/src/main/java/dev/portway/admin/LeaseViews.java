package dev.portway.admin;

import dev.portway.api.LeaseView;
import dev.portway.config.WrittenDuration;
import dev.portway.routing.Lease;
import dev.portway.routing.Listing;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leases as they go over the wire: in the route that is leased, or by themselves. */
final class LeaseViews {

    private LeaseViews() {}

    /** All of them, the next to expire first. */
    static List<LeaseView> of(Listing listing, Instant now) {
        return listing.leases().values().stream()
                .map(lease -> view(lease, now))
                .sorted(Comparator.comparing(LeaseView::expires).thenComparing(LeaseView::route))
                .toList();
    }

    static LeaseView view(Lease lease, Instant now) {
        return new LeaseView(
                lease.id(), lease.owner(), lease.term().expires(), lease.term().secondsLeft(now));
    }

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
