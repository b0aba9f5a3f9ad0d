package dev.portway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits a route sets for itself; {@code null} means inherited from {@code proxy.timeouts}, and
 * {@link Duration#ZERO} the written {@code "none"}. Immutable. See {@link TimeoutsConfig} for what each one limits.
 */
public record RouteTimeoutsConfig(
        @Nullable Duration connect,
        @Nullable Duration upload,
        @Nullable Duration response,
        @Nullable Duration stream,
        @Nullable Duration tunnel,
        @Nullable Duration request) {

    public static final RouteTimeoutsConfig INHERITED = new RouteTimeoutsConfig(null, null, null, null, null, null);

    static final Keys KEYS = Keys.of("connect", "upload", "response", "stream", "tunnel", "request");

    static RouteTimeoutsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new RouteTimeoutsConfig(
                in.get("connect", WrittenDuration::read),
                in.get("upload", WrittenDuration::orNone),
                in.get("response", WrittenDuration::orNone),
                in.get("stream", WrittenDuration::orNone),
                in.get("tunnel", WrittenDuration::orNone),
                in.get("request", WrittenDuration::orNone));
    }
}
