package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with, or doubtful about, a configuration. Immutable.
 *
 * @param pointer where in the configuration, as a JSON pointer (RFC 6901); {@code ""} for the whole of it
 * @param value what stands there, shortened, as JSON; null where nothing does, or where it would be a secret
 * @param message what is wrong and what was expected
 * @param line in the file, from 1; null where unknown
 * @param column in the line, from 1; null where unknown
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemEntry(
        String pointer,
        @Nullable String value,
        String message,
        @Nullable Integer line,
        @Nullable Integer column) {

    /**
     * An entry with these parts.
     *
     * @throws NullPointerException if {@code pointer} or {@code message} is null
     */
    public ProblemEntry {
        requireNonNull(pointer, "pointer");
        requireNonNull(message, "message");
    }
}
