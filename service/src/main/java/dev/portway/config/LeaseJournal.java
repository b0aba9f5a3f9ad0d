package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases, kept beside the configuration file so that a restart finds them: a line of JSON for each that begins, is
 * renewed or ends, and the whole anew when that has become long. What was written survives the process, killed or not; it is
 * not forced to the disk, since leases do not outlive a power cut for long. Where it cannot be written, leases work all the
 * same. Confined to the registry's lock.
 */
public final class LeaseJournal {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseJournal.class);
    private static final int LINES_KEPT = 1_000; // beside as many as there are leases, before the whole is written anew

    private final @Nullable Path config;
    private final FileReplacer replacer;
    private int lines;
    private boolean stale; // it lacks what could not be written
    private boolean failureSaid; // so that the log says it once

    /** @param config null where there is no file: then nothing is kept */
    LeaseJournal(@Nullable Path config, FileReplacer replacer) {
        this.config = config;
        this.replacer = requireNonNull(replacer, "replacer");
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

    /**
     * The leases that were kept, in the order in which they began, also those that are over. A journal that cannot be read
     * is put aside, and said to be; a last line that is cut off was never answered for, and is left out.
     */
    public List<Entry> restore() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (config == null) {
            return List.of();
        }
        try {
            Path file = file(config);
            String text = new String(Files.readAllBytes(file), UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            int broken = 0;
            for (String line : whole.lines().toList()) {
                broken += replay(line, entries) ? 0 : 1;
            }
            if (broken > 0) {
                Path aside = file.resolveSibling(file.getFileName() + ".broken");
                Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                LOG.warn("{} lines of {} cannot be read and are left out; it is kept as {}", broken, file, aside);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no leases are kept beside {}", config);
        } catch (IOException e) {
            LOG.warn("leases that were kept beside {} cannot be read: {}", config, e.toString());
        }
        return List.copyOf(entries.values());
    }

    /** A lease began, or says something else. */
    public void begun(Entry entry) {
        append(entry.json());
    }

    public void renewed(String id, Duration ttl, Instant expires) {
        append(term(id, ttl, expires));
    }

    public void ended(Collection<String> ids) {
        append(ids.stream()
                .map(id -> JsonNodeFactory.instance.objectNode().put("id", id).put("ended", true))
                .toArray(ObjectNode[]::new));
    }

    /** Whether it is time to {@link #rewrite} it, when so many leases live. */
    public boolean wantsRewriting(int living) {
        return config != null && (stale || (living == 0 ? lines > 0 : lines > LINES_KEPT + 2 * living));
    }

    /** Writes it anew, with these alone; without any it is taken away. */
    public void rewrite(Collection<Entry> living) {
        if (config == null) {
            return;
        }
        try {
            if (living.isEmpty()) {
                Files.deleteIfExists(file(config));
            } else {
                String text = living.stream().map(entry -> entry.json() + "\n").collect(Collectors.joining());
                replacer.writeBeside(config.toRealPath(), file(config), text.getBytes(UTF_8));
            }
            lines = living.size();
            stale = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void append(ObjectNode... entries) {
        if (config == null || stale) {
            return; // all of it is written with the next rewriting
        }
        StringBuilder text = new StringBuilder();
        for (ObjectNode entry : entries) {
            text.append(entry).append('\n');
        }
        try {
            Path file = file(config);
            if (lines == 0) {
                replacer.writeBeside(config.toRealPath(), file, text.toString().getBytes(UTF_8));
            } else {
                Files.writeString(file, text, UTF_8, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            }
            lines += entries.length;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        stale = true;
        if (!failureSaid) {
            failureSaid = true;
            LOG.warn("leases cannot be kept beside {}, and a restart will not find them: {}", config, e.toString());
        }
    }

    private static Path file(Path config) throws IOException {
        return LeftoverFiles.leases(config.toRealPath());
    }

    private static ObjectNode term(String id, Duration ttl, Instant expires) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("ttl", ttl.toMillis())
                .put("expires", expires.toString());
    }

    /** Whether it could be read. */
    private static boolean replay(String line, Map<String, Entry> entries) {
        ObjectNode json = SourceTree.parse(line, ConfigFormat.JSON, new ProblemList());
        if (json == null || !json.path("id").isTextual()) {
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
