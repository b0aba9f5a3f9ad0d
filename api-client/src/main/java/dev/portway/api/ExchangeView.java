package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that the proxy has answered, or a tunnel that has ended. Immutable.
 *
 * @param time when it ended
 * @param requestId as error answers and log lines have it
 * @param client address of the client
 * @param method as received
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param host as received, its port included; null if there was none
 * @param path as received, without the query, which may hold secrets
 * @param protocol such as {@code HTTP/1.1}
 * @param route id of the route that it took; null where there was none
 * @param backend id of the backend that answered; null where there was none
 * @param status sent, or 499 if the client left first
 * @param bytesIn of the request's body
 * @param bytesOut of the response's body
 * @param totalMs milliseconds from the first look at the request to the end of the response
 * @param backendMs of those, from the request sent to the head of the response; null where no backend answered
 * @param attempts requests sent to backends, 0 if none
 * @param error what went wrong in the proxy's eyes, such as {@code connection_refused}; null if nothing did
 * @param cause of the error, for people; null if nothing more is known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExchangeView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant time,
        String requestId,
        String client,
        String method,
        String scheme,
        @Nullable String host,
        String path,
        String protocol,
        @Nullable String route,
        @Nullable String backend,
        int status,
        long bytesIn,
        long bytesOut,
        double totalMs,
        @Nullable Double backendMs,
        int attempts,
        @Nullable String error,
        @Nullable String cause) {

    /**
     * A view with these parts.
     *
     * @throws NullPointerException if one that cannot be null is
     */
    public ExchangeView {
        requireNonNull(time, "time");
        requireNonNull(requestId, "requestId");
        requireNonNull(client, "client");
        requireNonNull(method, "method");
        requireNonNull(scheme, "scheme");
        requireNonNull(path, "path");
        requireNonNull(protocol, "protocol");
    }
}
