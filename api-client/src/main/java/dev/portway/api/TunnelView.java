package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel that is open: a WebSocket, or another connection whose bytes pass as they are. Immutable.
 *
 * @param id names it in paths, until the proxy restarts
 * @param kind {@code websocket}, {@code connect}, or another protocol as in {@code Upgrade}
 * @param route id of the route that it began on; null where it took none, as CONNECT does
 * @param backend its other end: the id of a backend, or {@code host:port}
 * @param client address of the client
 * @param since when it began
 * @param bytesIn from the client
 * @param bytesOut to the client
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TunnelView(
        String id,
        String kind,
        @Nullable String route,
        String backend,
        String client,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,
        long bytesIn,
        long bytesOut) {

    /**
     * A view with these parts.
     *
     * @throws NullPointerException if one of them but {@code route} is null
     */
    public TunnelView {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
        requireNonNull(backend, "backend");
        requireNonNull(client, "client");
        requireNonNull(since, "since");
    }
}
