package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a client may have made long, so that a queue full of records has a bounded size: a path may be as long as a
 * request head, and a log line has no use for it.
 */
final class Clip {

    private static final int PATH = 2048;
    private static final int FIELD = 512;
    private static final int NAME = 256;

    private Clip() {}

    /** The same record where nothing is too long, as nearly always. */
    static ExchangeRecord clip(ExchangeRecord exchange) {
        if (exchange.path().length() <= PATH
                && fits(exchange.requestId(), NAME)
                && fits(exchange.client(), NAME)
                && fits(exchange.method(), NAME)
                && fits(exchange.host(), NAME)
                && fits(exchange.referer(), FIELD)
                && fits(exchange.userAgent(), FIELD)
                && fits(exchange.cause(), FIELD)) {
            return exchange;
        }
        return new ExchangeRecord(
                exchange.endedAt(),
                cut(exchange.requestId(), NAME),
                cut(exchange.client(), NAME),
                cut(exchange.method(), NAME),
                exchange.scheme(),
                exchange.host() == null ? null : cut(exchange.host(), NAME),
                cut(exchange.path(), PATH),
                exchange.protocol(),
                exchange.routeId(),
                exchange.backendId(),
                exchange.status(),
                exchange.bytesIn(),
                exchange.bytesOut(),
                exchange.totalNanos(),
                exchange.backendNanos(),
                exchange.attempts(),
                exchange.hedged(),
                exchange.lost(),
                exchange.error(),
                exchange.cause() == null ? null : cut(exchange.cause(), FIELD),
                exchange.referer() == null ? null : cut(exchange.referer(), FIELD),
                exchange.userAgent() == null ? null : cut(exchange.userAgent(), FIELD));
    }

    private static boolean fits(@Nullable String text, int limit) {
        return text == null || text.length() <= limit;
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 3) + "...";
    }
}
