package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leases, kept beside the configuration file so that a restart finds them: a line of JSON for each that begins, is
 * renewed or ends, and the whole anew when that has become long. It is not forced to the disk, since leases do not outlive a
 * power cut for long. Confined to the registry's lock.
 */
public final class LeaseJournal {

    private static final int LINES_KEPT = 1_000; // beside as many as there are leases, before the whole is written anew

    private final JournalFile file;

    /** @param config null where there is no file: then nothing is kept */
    LeaseJournal(@Nullable Path config, FileReplacer replacer) {
        this.file = new JournalFile(config, JournalFile.Kind.LEASES, replacer);
    }

    /**
     * A lease as it is kept. Immutable by agreement: nobody changes {@code route}.
     *
     * @param id of the route
     * @param route as it was sent
     * @param owner null for none
     * @param ttl from one renewal to the next, at most
     * @param expires when it is over
     */
    public record Entry(
            String id, ObjectNode route, @Nullable String owner, Duration ttl, Instant expires) {

        public Entry {
            requireNonNull(id, "id");
            requireNonNull(route, "route");
            requireNonNull(ttl, "ttl");
            requireNonNull(expires, "expires");
        }

        private ObjectNode json() {
            ObjectNode json = term(id, ttl, expires).put("owner", owner);
            json.set("route", route);
            return json;
        }
    }

    /** The leases that were kept, in the order in which they began, also those that are over. */
    public List<Entry> restore() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        file.read(line -> replay(line, entries));
        return List.copyOf(entries.values());
    }

    /** A lease began, or says something else. */
    public void begun(Entry entry) {
        file.append(List.of(entry.json()));
    }

    public void renewed(String id, Duration ttl, Instant expires) {
        file.append(List.of(term(id, ttl, expires)));
    }

    public void ended(Collection<String> ids) {
        file.append(ids.stream()
                .map(id -> JsonNodeFactory.instance.objectNode().put("id", id).put("ended", true))
                .toList());
    }

    /** Whether it is time to {@link #rewrite} it, when so many leases live. */
    public boolean wantsRewriting(int living) {
        return file.longerThan(living == 0 ? 0 : LINES_KEPT + 2 * living);
    }

    /** Writes it anew, with these alone; without any it is taken away. */
    public void rewrite(Collection<Entry> living) {
        file.rewrite(living.stream().map(Entry::json).toList());
    }

    private static ObjectNode term(String id, Duration ttl, Instant expires) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("ttl", ttl.toMillis())
                .put("expires", expires.toString());
    }

    /** Whether it could be read. */
    private static boolean replay(ObjectNode json, Map<String, Entry> entries) {
        if (!json.path("id").isTextual()) {
            return false;
        }
        String id = json.path("id").textValue();
        if (json.path("ended").asBoolean()) {
            entries.remove(id);
            return true;
        }
        Entry before = entries.get(id);
        JsonNode route = json.has("route") ? json.path("route") : before == null ? null : before.route();
        if (!(route instanceof ObjectNode object) || !json.path("ttl").isIntegralNumber()) {
            return false;
        }
        try {
            String owner = json.has("route") ? json.path("owner").textValue() : before == null ? null : before.owner();
            Duration ttl = Duration.ofMillis(json.path("ttl").longValue());
            Entry entry = new Entry(
                    id, object, owner, ttl, Instant.parse(json.path("expires").asText()));
            if (json.has("route")) {
                entries.remove(id); // it stands where it began to say this
            }
            entries.put(id, entry);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
