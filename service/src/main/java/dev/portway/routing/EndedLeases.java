package dev.portway.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Why the last leases ended, for those who come to renew them. Confined to the registry's lock. */
final class EndedLeases {

    private static final int REMEMBERED = 200;

    private final Map<String, String> reasons = new LinkedHashMap<>(); // by id, the eldest first

    /** @param why a clause */
    void ended(String id, String why) {
        reasons.remove(id);
        reasons.put(id, why);
        if (reasons.size() > REMEMBERED) {
            reasons.remove(reasons.keySet().iterator().next());
        }
    }

    void begun(String id) {
        reasons.remove(id);
    }

    Optional<String> reason(String id) {
        return Optional.ofNullable(reasons.get(id));
    }
}
