package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.HistoryEntry;
import dev.portway.config.HistoryEntry.Deed;
import dev.portway.config.HistoryEntry.RouteChange;
import dev.portway.config.HistoryEntry.Versions;
import dev.portway.config.HistoryEntry.What;
import dev.portway.config.HistoryJournal;
import dev.portway.config.TextSplice;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of the file, and which of them still hold. Those that the API made can be taken back; of those made by hand
 * only what they were about is known. Written under the registry's lock; {@link #entries} is read by any thread.
 */
final class History {

    /** Changes kept, beside those that take one back. */
    static final int KEPT = 20;

    /** All that are kept. */
    static final int MOST = 3 * KEPT;

    /** Characters of what a change took away, beyond which it is told of and cannot be taken back. */
    static final int MOST_KEPT_OF_ONE = 64 * 1024;

    private final HistoryJournal journal;
    private volatile List<HistoryEntry> entries; // the oldest first; written under the lock, read by any thread

    private History(HistoryJournal journal, List<HistoryEntry> entries) {
        this.journal = requireNonNull(journal, "journal");
        this.entries = List.copyOf(entries);
    }

    /** What an earlier process kept; one that was killed before it saved the file made no change. */
    static History restored(HistoryJournal journal, ConfigDocument first, Instant now) {
        List<HistoryEntry> kept = new ArrayList<>(journal.restore());
        History history = new History(journal, kept);
        if (kept.isEmpty()) {
            return history;
        }
        HistoryEntry last = kept.get(kept.size() - 1);
        String digest = Versions.digest(first.text());
        if (!last.file().after().equals(digest)) {
            if (last.deed() != Deed.HAND && last.file().before().equals(digest)) {
                kept.remove(last);
            } else {
                Versions unseen = new Versions(last.file().after(), digest, null);
                kept.add(new HistoryEntry(last.number() + 1, now, null, Deed.HAND, null, unseen, List.of(), List.of()));
            }
        }
        history.entries = trimmed(kept);
        journal.rewrite(history.entries);
        return history;
    }

    /** The oldest first. */
    List<HistoryEntry> entries() {
        return entries;
    }

    /** Keeps a change before the file is saved, so that a process killed in between can still take it back. */
    HistoryEntry begin(ConfigDocument before, ConfigDocument after, Authorship author) {
        HistoryEntry entry = entry(before, after, author, true);
        journal.begun(entry);
        return entry;
    }

    /** The file was saved. */
    void made(HistoryEntry entry) {
        List<HistoryEntry> next = new ArrayList<>(entries);
        next.add(entry);
        entries = trimmed(next);
        journal.keepShort(entries);
    }

    /** The file was not saved. */
    void dropped(HistoryEntry entry) {
        journal.dropped(entry);
        journal.keepShort(entries);
    }

    /** Somebody else saved the file. */
    void byHand(ConfigDocument before, ConfigDocument after, Instant now) {
        HistoryEntry entry = entry(before, after, new Authorship(now, null, Deed.HAND, null), false);
        journal.begun(entry);
        made(entry);
    }

    /** The changes of the API that hold and take none back themselves, the latest first: what was not asked for by its number. */
    List<HistoryEntry> standing() {
        Map<Long, Long> takenBack = takenBack(entries);
        List<HistoryEntry> standing = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            if (entry.deed() != Deed.HAND && entry.deed() != Deed.UNDO && !takenBack.containsKey(entry.number())) {
                standing.add(0, entry);
            }
        }
        return standing;
    }

    /** The change of this number, if it is one that can be taken back. */
    HistoryEntry undoable(long number) throws EditRefusedException {
        HistoryEntry entry = entries.stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow(() -> refused(
                        Reason.NO_CHANGE,
                        "there is no change " + number + " any more, or none yet (GET /history lists them)"));
        if (entry.deed() == Deed.HAND) {
            throw refused(
                    Reason.CONFLICT,
                    "the change " + number + " was made in the file itself (expected: one of the API; the editor takes"
                            + " its own back)");
        }
        Long by = undone(entries).get(number);
        if (by != null) {
            throw refused(
                    Reason.CONFLICT,
                    "the change " + number + " was taken back already, by the change " + by + " (to have it again, take"
                            + " back that one)");
        }
        return entry;
    }

    /** Of the changes that do not hold any more, which ones took them back, those made by hand included. */
    static Map<Long, Long> takenBack(List<HistoryEntry> entries) {
        Map<Long, Long> takenBack = undone(entries);
        for (int i = 0; i < entries.size(); i++) {
            HistoryEntry entry = entries.get(i);
            Long by = entry.deed() == Deed.HAND || entry.deed() == Deed.UNDO
                    ? null
                    : putBack(entry, entries.subList(i + 1, entries.size()));
            if (by != null) {
                takenBack.putIfAbsent(entry.number(), by);
            }
        }
        return takenBack;
    }

    /** The change by hand after which each of its routes was again what it was before; null for none. */
    private static @Nullable Long putBack(HistoryEntry entry, List<HistoryEntry> later) {
        Long last = null;
        for (RouteChange change : entry.routes()) {
            Long by = putBack(change, later);
            if (by == null) {
                return null;
            }
            last = last == null ? by : Math.max(last, by);
        }
        return last;
    }

    private static @Nullable Long putBack(RouteChange change, List<HistoryEntry> later) {
        for (HistoryEntry entry : later) {
            for (RouteChange then : entry.routes()) {
                if (then.id().equals(change.id())) {
                    if (entry.deed() != Deed.HAND) {
                        return null;
                    }
                    if (change.isPutBackBy(then)) {
                        return entry.number();
                    }
                }
            }
        }
        return null;
    }

    /** Of the changes that were taken back by undoing them, which ones did that. */
    private static Map<Long, Long> undone(List<HistoryEntry> entries) {
        Map<Long, Long> undone = new HashMap<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            HistoryEntry entry = entries.get(i);
            if (entry.undoes() != null && !undone.containsKey(entry.number())) {
                undone.put(entry.undoes(), entry.number());
            }
        }
        return undone;
    }

    private HistoryEntry entry(ConfigDocument before, ConfigDocument after, Authorship author, boolean byApi) {
        long number = entries.isEmpty() ? 1 : entries.get(entries.size() - 1).number() + 1;
        TextSplice splice = byApi ? TextSplice.between(before.text(), after.text()) : null;
        List<RouteChange> changes = routes(before.read().routes(), after.read().routes(), byApi);
        boolean undoable = splice != null && splice.removed().length() + kept(changes) <= MOST_KEPT_OF_ONE;
        Versions versions =
                new Versions(Versions.digest(before.text()), Versions.digest(after.text()), undoable ? splice : null);
        return new HistoryEntry(
                number,
                author.at(),
                author.by(),
                author.deed(),
                author.undoes(),
                versions,
                undoable ? changes : routes(before.read().routes(), after.read().routes(), false),
                byApi ? List.of() : different(before.read().tree(), after.read().tree(), "routes"));
    }

    /** Characters of what routes said before. */
    private static long kept(List<RouteChange> changes) {
        return changes.stream()
                .mapToLong(change ->
                        change.was() == null ? 0 : change.was().toString().length())
                .sum();
    }

    private static List<RouteChange> routes(List<WrittenRoute> before, List<WrittenRoute> after, boolean undoable) {
        Map<String, WrittenRoute> old = new HashMap<>();
        before.forEach(route -> old.put(route.id(), route));
        List<RouteChange> changes = new ArrayList<>();
        Set<String> there = new HashSet<>();
        for (WrittenRoute route : after) {
            there.add(route.id());
            WrittenRoute was = old.get(route.id());
            if (was == null) {
                changes.add(new RouteChange(route.id(), What.ADDED, List.of(), null, route.etag()));
            } else if (!was.etag().equals(route.etag())) {
                changes.add(new RouteChange(
                        route.id(),
                        What.CHANGED,
                        different(was.json(), route.json(), ""),
                        undoable ? was.json() : null,
                        route.etag()));
            }
        }
        for (WrittenRoute route : before) {
            if (!there.contains(route.id())) {
                changes.add(new RouteChange(route.id(), What.REMOVED, List.of(), undoable ? route.json() : null, null));
            }
        }
        return changes;
    }

    private static List<String> different(ObjectNode before, ObjectNode after, String besides) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.remove(besides);
        List<String> different = new ArrayList<>();
        for (String name : names) {
            JsonNode one = before.get(name);
            if (!Objects.equals(one, after.get(name))) {
                different.add(name);
            }
        }
        return different;
    }

    private static List<HistoryEntry> trimmed(List<HistoryEntry> entries) {
        long changes =
                entries.stream().filter(entry -> entry.deed() != Deed.UNDO).count();
        int from = 0;
        while (changes > KEPT || entries.size() - from > MOST) {
            changes -= entries.get(from).deed() == Deed.UNDO ? 0 : 1;
            from++;
        }
        return List.copyOf(entries.subList(from, entries.size()));
    }

    private static EditRefusedException refused(Reason reason, String message) {
        return new EditRefusedException(reason, message, List.of());
    }

    /**
     * Who makes a change, and how.
     *
     * @param by null where that is not known
     * @param undoes the number of the change that it takes back; null for none
     */
    record Authorship(
            Instant at,
            @Nullable String by,
            Deed deed,
            @Nullable Long undoes) {

        static Authorship of(RouteEdit edit, @Nullable String by, Instant at) {
            Deed deed = edit instanceof RouteEdit.Add
                    ? Deed.ADD
                    : edit instanceof RouteEdit.Put
                            ? Deed.PUT
                            : edit instanceof RouteEdit.Patch ? Deed.PATCH : Deed.DELETE;
            return new Authorship(at, by, deed, null);
        }
    }
}
