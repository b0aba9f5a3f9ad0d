package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A file's text after an edit, not yet read. Immutable.
 *
 * @param text of the whole file
 * @param pointers where the routes concerned stand in it, in the order given; empty for one taken away
 */
public record RouteDraft(String text, List<String> pointers) {

    public RouteDraft {
        requireNonNull(text, "text");
        pointers = List.copyOf(pointers);
    }
}
