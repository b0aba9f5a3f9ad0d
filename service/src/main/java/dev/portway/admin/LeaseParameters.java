package dev.portway.admin;

import dev.portway.config.WrittenDuration;
import dev.portway.routing.Lease;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about a lease in its query. Immutable.
 *
 * @param ttl null where it does not say
 * @param owner null where it does not say
 */
record LeaseParameters(@Nullable Duration ttl, @Nullable String owner) {

    private static final int MAX_OWNER = 100;

    static LeaseParameters of(MultivaluedMap<String, String> query) {
        String ttl = one(query, "ttl");
        String owner = one(query, "owner");
        return new LeaseParameters(ttl == null ? null : ttl(ttl), owner == null ? null : owner(owner));
    }

    /** Refuses what would be left out of account, since a route that was meant to go away and stays is worse than an error. */
    static void refuse(MultivaluedMap<String, String> query) {
        for (String name : List.of("ttl", "owner")) {
            if (query.containsKey(name)) {
                throw new ProblemException(
                        ProblemType.BAD_PARAMETER,
                        name
                                + " is for a lease, which PUT /routes/{id}?ttl=30s makes and POST /routes/{id}/renew renews.");
            }
        }
    }

    private static @Nullable String one(MultivaluedMap<String, String> query, String name) {
        List<String> values = query.get(name);
        if (values == null) {
            return null;
        }
        if (values.size() > 1) {
            throw invalid(name + " is there more than once (expected: once).");
        }
        return values.get(0);
    }

    private static Duration ttl(String text) {
        Duration ttl = WrittenDuration.of(text).orElse(Duration.ZERO);
        if (ttl.compareTo(Lease.MIN_TTL) < 0 || ttl.compareTo(Lease.MAX_TTL) > 0) {
            throw invalid(
                    "ttl is not a time that a lease can have (expected: a whole number and its unit ms, s, m or h,"
                            + " from 1s to 24h, such as ttl=30s).");
        }
        return ttl;
    }

    private static String owner(String text) {
        boolean plain = !text.isBlank()
                && text.length() <= MAX_OWNER
                && text.codePoints().noneMatch(Character::isISOControl);
        if (!plain) {
            throw invalid("owner is not a name (expected: 1 to " + MAX_OWNER + " characters, such as owner=vite).");
        }
        return text;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_LEASE, detail);
    }
}
