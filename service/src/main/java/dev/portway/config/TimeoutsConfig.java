package dev.portway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of the proxy. {@link Duration#ZERO} stands for the written {@code "none"}. Immutable.
 *
 * @param connect to reach a backend
 * @param header for the whole of a client's request head, from its first byte
 * @param upload without a byte of the request body from the client
 * @param response from the request sent to the head of the response
 * @param stream without a byte of an ordinary response body, or of a tunnel once one side has ended; event streams have
 *     none
 * @param tunnel without a byte either way of a WebSocket or another tunnel
 * @param pool an idle backend connection is kept
 * @param keepAlive an idle client connection is kept
 * @param request for the whole exchange
 * @param shutdown to let exchanges finish when the process ends
 */
public record TimeoutsConfig(
        Duration connect,
        Duration header,
        Duration upload,
        Duration response,
        Duration stream,
        Duration tunnel,
        Duration pool,
        Duration keepAlive,
        Duration request,
        Duration shutdown) {

    public static final TimeoutsConfig DEFAULT = new TimeoutsConfig(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ofSeconds(90),
            Duration.ofSeconds(75),
            Duration.ZERO,
            Duration.ofSeconds(2));

    /** These limits with a route's own in place of those it names. */
    public TimeoutsConfig with(RouteTimeoutsConfig route) {
        return new TimeoutsConfig(
                or(route.connect(), connect),
                header,
                or(route.upload(), upload),
                or(route.response(), response),
                or(route.stream(), stream),
                or(route.tunnel(), tunnel),
                pool,
                keepAlive,
                or(route.request(), request),
                shutdown);
    }

    private static Duration or(@Nullable Duration own, Duration inherited) {
        return own == null ? inherited : own;
    }

    static final Keys KEYS = Keys.of(
            "connect", "header", "upload", "response", "stream", "tunnel", "pool", "keepAlive", "request", "shutdown");

    static TimeoutsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new TimeoutsConfig(
                in.get("connect", DEFAULT.connect, WrittenDuration::read),
                in.get("header", DEFAULT.header, WrittenDuration::read),
                in.get("upload", DEFAULT.upload, WrittenDuration::orNone),
                in.get("response", DEFAULT.response, WrittenDuration::orNone),
                in.get("stream", DEFAULT.stream, WrittenDuration::orNone),
                in.get("tunnel", DEFAULT.tunnel, WrittenDuration::orNone),
                in.get("pool", DEFAULT.pool, WrittenDuration::read),
                in.get("keepAlive", DEFAULT.keepAlive, WrittenDuration::read),
                in.get("request", DEFAULT.request, WrittenDuration::orNone),
                in.get("shutdown", DEFAULT.shutdown, WrittenDuration::read));
    }
}
