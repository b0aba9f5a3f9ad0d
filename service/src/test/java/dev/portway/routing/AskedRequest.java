package dev.portway.routing;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request to match, for tests. Header names in lower case. */
record AskedRequest(String method, String host, String path, Map<String, String> headers) implements RouteRequest {

    static AskedRequest get(String host, String path) {
        return new AskedRequest("GET", host, path, Map.of());
    }

    AskedRequest method(String other) {
        return new AskedRequest(other, host, path, headers);
    }

    AskedRequest header(String name, String value) {
        return new AskedRequest(method, host, path, Map.of(name.toLowerCase(Locale.ROOT), value));
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
