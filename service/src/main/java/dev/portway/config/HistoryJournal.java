package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.HistoryEntry.Deed;
import dev.portway.config.HistoryEntry.RouteChange;
import dev.portway.config.HistoryEntry.Versions;
import dev.portway.config.HistoryEntry.What;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of the configuration file, kept beside it: a line of JSON for each, written before the file is, and one
 * for each that was not made after all. Only the user that the proxy runs as may read it. Confined to the registry's lock.
 */
public final class HistoryJournal {

    private static final int LINES_KEPT = 100; // beside those that count, before the whole is written anew

    private final JournalFile file;

    /** @param config null where there is no file: then nothing is kept */
    HistoryJournal(@Nullable Path config, FileReplacer replacer) {
        this.file = new JournalFile(config, JournalFile.Kind.HISTORY, replacer);
    }

    /** The changes that were kept, the oldest first. */
    public List<HistoryEntry> restore() {
        Map<Long, HistoryEntry> entries = new TreeMap<>();
        file.read(line -> replay(line, entries));
        return List.copyOf(entries.values());
    }

    /** A change that is about to be made, or was. */
    public void begun(HistoryEntry entry) {
        file.append(List.of(json(entry)));
    }

    /** A change that was not made after all. */
    public void dropped(HistoryEntry entry) {
        file.append(List.of(JsonNodeFactory.instance
                .objectNode()
                .put("number", entry.number())
                .put("dropped", true)));
    }

    /** Writes it anew with these alone, where it has become long. */
    public void keepShort(List<HistoryEntry> entries) {
        if (file.longerThan(entries.size() + LINES_KEPT)) {
            rewrite(entries);
        }
    }

    /** Writes it anew, with these alone; without any it is taken away. */
    public void rewrite(List<HistoryEntry> entries) {
        file.rewrite(entries.stream().map(HistoryJournal::json).toList());
    }

    private static ObjectNode json(HistoryEntry entry) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("number", entry.number())
                .put("at", entry.at().toString())
                .put("by", entry.by())
                .put("deed", written(entry.deed()))
                .put("undoes", entry.undoes())
                .put("before", entry.file().before())
                .put("after", entry.file().after());
        TextSplice splice = entry.file().splice();
        if (splice != null) {
            json.putObject("splice")
                    .put("at", splice.at())
                    .put("length", splice.length())
                    .put("removed", splice.removed());
        }
        ArrayNode routes = json.putArray("routes");
        for (RouteChange change : entry.routes()) {
            ObjectNode route = routes.addObject().put("id", change.id()).put("what", written(change.what()));
            change.keys().forEach(route.putArray("keys")::add);
            if (change.was() != null) {
                route.set("was", change.was());
            }
            route.put("etag", change.etag());
        }
        entry.sections().forEach(json.putArray("sections")::add);
        return json;
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Whether it could be read. */
    private static boolean replay(ObjectNode json, Map<Long, HistoryEntry> entries) {
        if (json.path("dropped").asBoolean()) {
            entries.remove(json.path("number").asLong());
            return true;
        }
        try {
            HistoryEntry entry = entry(json);
            entries.put(entry.number(), entry);
            return true;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    private static HistoryEntry entry(ObjectNode json) {
        List<RouteChange> routes = new ArrayList<>();
        for (JsonNode route : json.path("routes")) {
            routes.add(new RouteChange(
                    text(route, "id"),
                    What.valueOf(constant(route, "what")),
                    texts(route.path("keys")),
                    route.path("was") instanceof ObjectNode was ? was : null,
                    route.path("etag").textValue()));
        }
        JsonNode splice = json.path("splice");
        return new HistoryEntry(
                number(json, "number"),
                Instant.parse(text(json, "at")),
                json.path("by").textValue(),
                Deed.valueOf(constant(json, "deed")),
                json.path("undoes").isNumber() ? json.path("undoes").longValue() : null,
                new Versions(
                        text(json, "before"),
                        text(json, "after"),
                        splice.isObject()
                                ? new TextSplice(
                                        Math.toIntExact(number(splice, "at")),
                                        Math.toIntExact(number(splice, "length")),
                                        text(splice, "removed"))
                                : null),
                routes,
                texts(json.path("sections")));
    }

    private static String constant(JsonNode json, String name) {
        return text(json, name).toUpperCase(Locale.ROOT);
    }

    private static String text(JsonNode json, String name) {
        String text = json.path(name).textValue();
        if (text == null) {
            throw new IllegalArgumentException(name + ": " + json.path(name) + " (expected: a string)");
        }
        return text;
    }

    private static long number(JsonNode json, String name) {
        if (!json.path(name).canConvertToInt()) {
            throw new IllegalArgumentException(name + ": " + json.path(name) + " (expected: a number)");
        }
        return json.path(name).longValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
