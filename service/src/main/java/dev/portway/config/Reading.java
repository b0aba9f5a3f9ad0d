package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What one reading of a file shares: where it is from and what was found wrong so far. Confined. */
final class Reading {

    private final Path folder;
    private final ConfigFormat format;
    private final NamedFiles files;
    private final ProblemList problems = new ProblemList();
    private final Set<JsonNode> unresolved = Collections.newSetFromMap(new IdentityHashMap<>());

    Reading(Path file, ConfigFormat format, NamedFiles files) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        this.folder = parent == null ? file.toAbsolutePath() : parent;
        this.format = format;
        this.files = files;
    }

    Path folder() {
        return folder;
    }

    ConfigFormat format() {
        return format;
    }

    NamedFiles files() {
        return files;
    }

    ProblemList problems() {
        return problems;
    }

    /** A string with a placeholder that could not be replaced, which was reported. */
    void markUnresolved(JsonNode written) {
        unresolved.add(written);
    }

    /** Whether there is nothing to read because of a problem that was reported before. */
    boolean unresolved(JsonNode written) {
        return written.isMissingNode() || (!unresolved.isEmpty() && unresolved.contains(written));
    }

    /** The pointer one step down (RFC 6901). */
    static String pointer(String parent, String key) {
        return parent + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
