package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.HistoryEntry;
import dev.portway.config.HistoryEntry.RouteChange;
import dev.portway.config.HistoryEntry.Versions;
import dev.portway.config.Problem;
import dev.portway.config.RouteDraft;
import dev.portway.config.TextSplice;
import dev.portway.config.UnwritableRouteException;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What taking back a change makes of a document: where nothing was changed since, the text before it to the byte; else its
 * routes one by one, as long as nobody else has changed these. Decides whether it may, and changes nothing itself. Immutable.
 *
 * @param entry the change
 * @param reader what the file would say if it had a text
 */
record Undo(HistoryEntry entry, Function<String, ConfigDocument> reader) {

    Undo {
        requireNonNull(entry, "entry");
        requireNonNull(reader, "reader");
    }

    /** The next document; the present one where its routes are already as they were, since somebody put them back by hand. */
    ConfigDocument of(ConfigDocument present) throws EditRefusedException {
        TextSplice splice = entry.file().splice();
        if (splice == null) {
            throw refused("the change " + entry.number() + " took away more than is kept (expected: at most "
                    + History.MOST_KEPT_OF_ONE + " characters; GET /history lists the others)");
        }
        String text = textBefore(present, splice);
        if (text.equals(present.text())) {
            return present;
        }
        ConfigDocument next = reader.apply(text);
        if (next.read().config() == null) {
            throw RouteEditor.invalid(next.read().errors());
        }
        return next;
    }

    private String textBefore(ConfigDocument present, TextSplice splice) throws EditRefusedException {
        if (entry.file().after().equals(Versions.digest(present.text()))) {
            String text = splice.undone(present.text());
            if (entry.file().before().equals(Versions.digest(text))) {
                return text;
            }
        }
        return routeByRoute(present).text();
    }

    private RouteDraft routeByRoute(ConfigDocument present) throws EditRefusedException {
        Map<String, WrittenRoute> there = new HashMap<>();
        present.read().routes().forEach(route -> there.put(route.id(), route));
        Map<WrittenRoute, ObjectNode> replaced = new LinkedHashMap<>();
        Set<String> removed = new HashSet<>();
        List<ObjectNode> added = new ArrayList<>();
        List<String> changedSince = new ArrayList<>();
        for (RouteChange change : entry.routes()) {
            WrittenRoute now = there.get(change.id());
            ObjectNode was = change.was();
            if (isStill(change, now)) {
                if (was == null) {
                    removed.add(change.id());
                } else if (now == null) {
                    added.add(was);
                } else {
                    replaced.put(now, was);
                }
            } else if (!isAgain(was, now)) {
                changedSince.add("\"" + change.id() + "\"" + (now == null ? " (removed)" : ""));
            }
        }
        if (!changedSince.isEmpty()) {
            throw refused("the change " + entry.number() + " cannot be taken back, since others have changed after it: "
                    + String.join(", ", changedSince)
                    + " (GET /history lists the others, which are taken back by their numbers)");
        }
        try {
            List<WrittenRoute> gone = present.read().routes().stream()
                    .filter(route -> removed.contains(route.id()))
                    .toList();
            return present.changing(replaced, gone, added);
        } catch (UnwritableRouteException e) {
            Problem problem = e.problem();
            throw problem == null ? refused(String.valueOf(e.getMessage())) : RouteEditor.invalid(List.of(problem));
        }
    }

    /** As the change left it. */
    private static boolean isStill(RouteChange change, @Nullable WrittenRoute now) {
        return now == null ? change.etag() == null : now.etag().equals(change.etag());
    }

    /** As it was before the change. */
    private static boolean isAgain(@Nullable ObjectNode was, @Nullable WrittenRoute now) {
        return now == null ? was == null : now.json().equals(was);
    }

    private static EditRefusedException refused(String message) {
        return new EditRefusedException(Reason.CONFLICT, message, List.of());
    }
}
