package dev.portway.routing;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of a request decides its route. */
public interface RouteRequest {

    String method();

    /** Lower case, without port, an IPv6 literal without brackets; {@code ""} where the request names none. */
    String host();

    /** Normalised by {@link RequestPath#normalize}. */
    String path();

    /** The first field of this name, in any case; null if there is none. */
    @Nullable
    String header(String name);

    /** The methods that it asks a backend to take for its own, in capitals; see {@link MethodOverrides}. */
    default Set<String> otherMethods() {
        return Set.of();
    }
}
