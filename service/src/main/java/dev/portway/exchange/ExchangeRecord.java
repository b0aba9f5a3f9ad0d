package dev.portway.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finished exchange, for metrics and the access log. Immutable.
 *
 * @param endedAt milliseconds since the epoch
 * @param requestId shown in error answers and in log lines
 * @param client address of the client, the trusted forwarded one if there is one
 * @param method as received
 * @param scheme {@code http} or {@code https}, as the client sees it
 * @param host as received; null if there was none
 * @param path raw, without the query, which may hold secrets
 * @param protocol {@code HTTP/1.1}
 * @param routeId null if no route was found
 * @param backendId null if no backend was chosen
 * @param status sent, or 499 if the client left first
 * @param bytesIn of the request body
 * @param bytesOut of the response body
 * @param totalNanos from the request's first handling to the end of the response
 * @param backendNanos of those, from the request sent to the head of the response; -1 if there was none
 * @param attempts requests sent to backends, 0 if none
 * @param hedged of those, the ones beside another that was not answered yet
 * @param lost the attempts before the last one that said something against their backends
 * @param error what went wrong, in the proxy's eyes; null if nothing
 * @param cause of the error, for the log; null if nothing more is known
 * @param referer as received
 * @param userAgent as received
 */
public record ExchangeRecord(
        long endedAt,
        String requestId,
        String client,
        String method,
        String scheme,
        @Nullable String host,
        String path,
        String protocol,
        @Nullable String routeId,
        @Nullable String backendId,
        int status,
        long bytesIn,
        long bytesOut,
        long totalNanos,
        long backendNanos,
        int attempts,
        int hedged,
        List<LostAttempt> lost,
        @Nullable ProxyError error,
        @Nullable String cause,
        @Nullable String referer,
        @Nullable String userAgent) {

    public ExchangeRecord {
        lost = List.copyOf(lost);
    }

    /**
     * The record of an exchange that went on as a tunnel, now that this has ended too.
     *
     * @param endedAt milliseconds since the epoch
     * @param totalNanos from the request's first handling to the end of the tunnel
     */
    public ExchangeRecord after(Carried tunnel, long endedAt, long totalNanos) {
        return new ExchangeRecord(
                endedAt,
                requestId,
                client,
                method,
                scheme,
                host,
                path,
                protocol,
                routeId,
                backendId,
                tunnel.error() == ProxyError.CLIENT_CLOSED ? tunnel.error().status() : status,
                tunnel.bytesIn(),
                tunnel.bytesOut(),
                totalNanos,
                backendNanos,
                attempts,
                hedged,
                lost,
                tunnel.error(),
                tunnel.cause(),
                referer,
                userAgent);
    }

    /** Whether it went on as a tunnel, which lasts as long as two people have something to say. */
    public boolean tunnelled() {
        return status == 101 || (method.equals("CONNECT") && status >= 200 && status < 300);
    }
}
