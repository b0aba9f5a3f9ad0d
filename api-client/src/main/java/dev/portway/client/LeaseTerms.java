package dev.portway.client;

import dev.portway.api.Route;
import java.time.Duration;

/**
 * What is leased, by whom and for how long, and the calls that say so. Immutable.
 *
 * @param route with an id
 * @param ttl after which the proxy drops the route unless it is renewed
 * @param owner who alone may renew it
 */
record LeaseTerms(Route route, Duration ttl, String owner) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    LeaseTerms {
        if (ttl.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: at least a second)");
        }
    }

    String id() {
        return route.id();
    }

    /** Between two renewals: two may fail before the route is dropped. */
    Duration pause() {
        return ttl.dividedBy(3);
    }

    Call<Tagged<Route>> registering() {
        return Call.put(Routes.path(id()) + "?" + parameters(), JsonTree.write(route.json()), Routes::tagged);
    }

    Call<Tagged<Route>> renewing() {
        return Call.post(Routes.path(id()) + "/renew?" + parameters(), null, Routes::tagged);
    }

    Call<Void> removing(String etag) {
        Call<Void> removing = Call.delete(Routes.path(id()) + "?owner=" + Call.encoded(owner));
        return etag.isEmpty() ? removing : removing.with("If-Match", etag);
    }

    private String parameters() {
        long millis = ttl.toMillis();
        String written = millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
        return "ttl=" + written + "&owner=" + Call.encoded(owner);
    }
}
