package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the configuration file. Immutable.
 *
 * @param number one more than that of the change before it
 * @param at when it was made, or noticed
 * @param by the user who made it; null where that is not known
 * @param deed what made it
 * @param undoes the number of the change that it takes back; null for none
 * @param file before and after it
 * @param routes that it added, changed or removed; empty also for what was not seen
 * @param sections of the file beside the routes that say something else since
 */
public record HistoryEntry(
        long number,
        Instant at,
        @Nullable String by,
        Deed deed,
        @Nullable Long undoes,
        Versions file,
        List<RouteChange> routes,
        List<String> sections) {

    public HistoryEntry {
        requireNonNull(at, "at");
        requireNonNull(deed, "deed");
        requireNonNull(file, "file");
        routes = List.copyOf(routes);
        sections = List.copyOf(sections);
    }

    /** What makes changes. */
    public enum Deed {
        ADD,
        PUT,
        PATCH,
        DELETE,
        UNDO,
        /** Somebody saved the file. */
        HAND
    }

    /**
     * What the file said.
     *
     * @param before digest of its text
     * @param after digest of its text
     * @param splice makes the text before of the one after; null where that is not kept
     */
    public record Versions(
            String before, String after, @Nullable TextSplice splice) {

        private static final int DIGEST = 16;

        public Versions {
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }

        /** Names a text, so that it is known again. */
        public static String digest(String text) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(Arrays.copyOf(hash, DIGEST));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
        }
    }

    /**
     * What became of a route. Immutable by agreement: nobody changes {@code was}.
     *
     * @param keys of it that say something else; empty unless it was there before and after
     * @param was the route before, as the file had it; null if it was not there, or is not kept
     * @param etag of the route after; null if it is not there
     */
    public record RouteChange(
            String id,
            What what,
            List<String> keys,
            @Nullable ObjectNode was,
            @Nullable String etag) {

        public RouteChange {
            requireNonNull(id, "id");
            requireNonNull(what, "what");
            keys = List.copyOf(keys);
        }

        /** Whether a later change, {@code then}, left the route as it was before this one; false where that is not kept. */
        public boolean isPutBackBy(RouteChange then) {
            return was == null
                    ? what == What.ADDED && then.etag == null
                    : EntityTag.of(was).equals(then.etag);
        }
    }

    /** Sorts of change of a route. */
    public enum What {
        ADDED,
        CHANGED,
        REMOVED
    }
}
