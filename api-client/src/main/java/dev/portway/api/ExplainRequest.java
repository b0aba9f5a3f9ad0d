package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to be explained; it is not sent. Immutable.
 *
 * @param url absolute ({@code http://api.local/v1?x=y}), or only a path, for a request that names no host
 * @param method {@code GET} where absent
 * @param headers one value to a name; {@code Host} wins over the URL's
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ExplainRequest(String url, String method, Map<String, String> headers) {

    /**
     * A request with these parts; null becomes {@code GET} or an empty map.
     *
     * @throws NullPointerException if {@code url} is null
     */
    public ExplainRequest(String url, @Nullable String method, @Nullable Map<String, String> headers) {
        this.url = requireNonNull(url, "url");
        this.method = method == null ? "GET" : method;
        this.headers = headers == null ? Map.of() : Map.copyOf(headers);
    }
}
