package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** One JSON object a line, absent fields left out; {@code "log":"access"} tells it from lines of the service log. */
final class JsonAccessFormat implements AccessFormat {

    private final SecondStamp time = new SecondStamp("yyyy-MM-dd'T'HH:mm:ss", ZoneOffset.UTC);

    @Override
    public void append(ExchangeRecord exchange, LineBuffer line) {
        long millis = Math.floorMod(exchange.endedAt(), 1_000L);
        line.ascii("{\"time\":\"").ascii(time.of(exchange.endedAt())).ascii('.');
        line.number(millis / 100).number(millis / 10 % 10).number(millis % 10).ascii("Z\",\"log\":\"access\"");
        text("requestId", exchange.requestId(), line);
        text("client", exchange.client(), line);
        text("method", exchange.method(), line);
        text("scheme", exchange.scheme(), line);
        text("host", exchange.host(), line);
        text("path", exchange.path(), line);
        text("protocol", exchange.protocol(), line);
        number("status", exchange.status(), line);
        number("bytesIn", exchange.bytesIn(), line);
        number("bytesOut", exchange.bytesOut(), line);
        line.ascii(",\"totalMs\":").millis(exchange.totalNanos());
        if (exchange.backendNanos() >= 0) {
            line.ascii(",\"backendMs\":").millis(exchange.backendNanos());
        }
        text("route", exchange.routeId(), line);
        text("backend", exchange.backendId(), line);
        if (exchange.attempts() > 1) {
            number("attempts", exchange.attempts(), line);
        }
        if (exchange.hedged() > 0) {
            number("hedged", exchange.hedged(), line);
        }
        text("error", exchange.error() == null ? null : ErrorNames.of(exchange.error()), line);
        text("cause", exchange.cause(), line);
        text("referer", Secrets.withoutQuery(exchange.referer()), line);
        text("userAgent", exchange.userAgent(), line);
        line.ascii("}\n");
    }

    private static void text(String name, @Nullable String value, LineBuffer line) {
        if (value != null) {
            line.ascii(",\"").ascii(name).ascii("\":").json(value);
        }
    }

    private static void number(String name, long value, LineBuffer line) {
        line.ascii(",\"").ascii(name).ascii("\":").number(value);
    }
}
