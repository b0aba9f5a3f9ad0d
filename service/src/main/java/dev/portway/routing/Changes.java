package dev.portway.routing;

import dev.portway.config.ConfigDocument;
import dev.portway.config.Problem;
import dev.portway.config.WrittenRoute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of each route, by id, from one document to the next. Immutable. */
record Changes(List<String> added, List<String> changed, List<String> removed, List<String> kept) {

    Changes {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        kept = List.copyOf(kept);
    }

    static Changes between(List<WrittenRoute> before, List<WrittenRoute> after) {
        Map<String, String> old = new HashMap<>();
        before.forEach(route -> old.put(route.id(), route.etag()));
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (WrittenRoute route : after) {
            String etag = old.remove(route.id());
            if (etag == null) {
                added.add(route.id());
            } else {
                (etag.equals(route.etag()) ? kept : changed).add(route.id());
            }
        }
        List<String> removed =
                before.stream().map(WrittenRoute::id).filter(old::containsKey).toList();
        return new Changes(added, changed, removed, kept);
    }

    /** The file is in force. */
    ReloadReport applied(Instant when, List<String> restartNeeded, List<DroppedLease> leases, List<Problem> problems) {
        return new ReloadReport(when, true, added, changed, removed, kept, restartNeeded, leases, problems);
    }

    /** The file is not in force: every route stays. */
    static ReloadReport refused(
            Instant when, ConfigDocument inForce, List<String> restartNeeded, List<Problem> problems) {
        List<String> kept =
                inForce.read().routes().stream().map(WrittenRoute::id).toList();
        return new ReloadReport(when, false, List.of(), List.of(), List.of(), kept, restartNeeded, List.of(), problems);
    }

    @Override
    public String toString() {
        return added.size() + " routes added, " + changed.size() + " changed, " + removed.size() + " removed, "
                + kept.size() + " kept";
    }
}
