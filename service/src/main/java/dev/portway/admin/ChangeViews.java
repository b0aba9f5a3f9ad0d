package dev.portway.admin;

import dev.portway.api.ChangeView;
import dev.portway.config.HistoryEntry;
import dev.portway.config.HistoryEntry.Deed;
import dev.portway.config.HistoryEntry.RouteChange;
import dev.portway.config.HistoryEntry.What;
import dev.portway.routing.RouteRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes of the file as they go over the wire: whose routes and keys they were about, never what these say. */
final class ChangeViews {

    private static final int NAMED = 5; // in words, before the rest is a number

    private ChangeViews() {}

    /** The latest first. */
    static List<ChangeView> of(List<HistoryEntry> changes) {
        Map<Long, Long> takenBack = RouteRegistry.takenBack(changes);
        List<ChangeView> views = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0; i--) {
            HistoryEntry change = changes.get(i);
            views.add(of(change, takenBack.get(change.number())));
        }
        return views;
    }

    /** One that holds. */
    static ChangeView of(HistoryEntry change) {
        return of(change, null);
    }

    private static ChangeView of(HistoryEntry change, @Nullable Long undoneBy) {
        return new ChangeView(
                change.number(),
                change.at(),
                change.by(),
                BackendViews.written(change.deed()),
                change.undoes(),
                undoneBy,
                ids(change, What.ADDED),
                ids(change, What.CHANGED),
                ids(change, What.REMOVED),
                summary(change));
    }

    private static String summary(HistoryEntry change) {
        List<String> parts = new ArrayList<>();
        for (What what : What.values()) {
            List<String> routes = change.routes().stream()
                    .filter(route -> route.what() == what)
                    .map(ChangeViews::words)
                    .toList();
            if (!routes.isEmpty()) {
                parts.add(BackendViews.written(what) + " " + listed(routes));
            }
        }
        if (!change.sections().isEmpty()) {
            parts.add("changed " + listed(change.sections()) + " of the file");
        }
        String what = String.join("; ", parts);
        if (change.deed() == Deed.UNDO) {
            return "took back " + change.undoes() + ": " + what;
        }
        if (change.deed() == Deed.HAND) {
            return "edited by hand: " + (what.isEmpty() ? "nothing that is known" : what);
        }
        return what;
    }

    private static String words(RouteChange route) {
        return route.keys().isEmpty() ? route.id() : route.id() + " (" + String.join(", ", route.keys()) + ")";
    }

    private static String listed(List<String> words) {
        String some = words.stream().limit(NAMED).collect(Collectors.joining(", "));
        return words.size() <= NAMED ? some : some + " and " + (words.size() - NAMED) + " more";
    }

    private static List<String> ids(HistoryEntry change, What what) {
        return change.routes().stream()
                .filter(route -> route.what() == what)
                .map(RouteChange::id)
                .toList();
    }
}
