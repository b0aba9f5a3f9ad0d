package dev.portway.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold before an edit is made (RFC 9110, section 13.1). Immutable.
 *
 * @param ifMatch entity tags, one of which the route (or, for adding, the list) must have; {@code ["*"]} for any
 *     existing one; null for no condition
 * @param ifNoneMatchAny whether the route must not exist yet
 */
public record Precondition(@Nullable List<String> ifMatch, boolean ifNoneMatchAny) {

    public static final Precondition NONE = new Precondition(null, false);

    public Precondition {
        ifMatch = ifMatch == null ? null : List.copyOf(ifMatch);
    }
}
