package dev.portway.routing;

import dev.portway.config.ConfigDocument;
import dev.portway.config.HistoryEntry;
import dev.portway.config.RouteStore;
import dev.portway.routing.EditRefusedException.Reason;
import java.util.List;

/**
 * What taking a change back makes. Immutable.
 *
 * @param change that is taken back
 * @param document the next one
 */
record Undone(HistoryEntry change, ConfigDocument document) {

    /**
     * Takes back the last change that holds: one that somebody has put back by hand holds no more, so that the one before it is
     * the last.
     */
    static Undone last(History history, RouteStore store, ConfigDocument present) throws EditRefusedException {
        for (HistoryEntry change : history.standing()) {
            Undone undone = new Undone(change, new Undo(change, store::document).of(present));
            if (undone.differsFrom(present)) {
                return undone;
            }
        }
        throw new EditRefusedException(
                Reason.NO_CHANGE, "there is no change of the API that could be taken back", List.of());
    }

    /** Takes back the change of this number. */
    static Undone of(long number, History history, RouteStore store, ConfigDocument present)
            throws EditRefusedException {
        HistoryEntry change = history.undoable(number);
        Undone undone = new Undone(change, new Undo(change, store::document).of(present));
        if (!undone.differsFrom(present)) {
            String message = "the routes are already as they were before the change " + number;
            throw new EditRefusedException(Reason.CONFLICT, message, List.of());
        }
        return undone;
    }

    private boolean differsFrom(ConfigDocument present) {
        return !document.text().equals(present.text());
    }
}
