package dev.portway.admin;

import dev.portway.api.ExchangeView;
import dev.portway.api.ExchangesView;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.observe.ErrorNames;
import dev.portway.observe.RecentExchanges;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Exchanges that have ended, as they go over the wire. */
final class ExchangeViews {

    private static final double MICROS = 1_000;

    private ExchangeViews() {}

    static ExchangesView of(RecentExchanges.Page page) {
        return new ExchangesView(
                page.next(),
                page.missed(),
                page.exchanges().stream().map(ExchangeViews::of).toList());
    }

    private static ExchangeView of(ExchangeRecord exchange) {
        return new ExchangeView(
                Instant.ofEpochMilli(exchange.endedAt()),
                exchange.requestId(),
                exchange.client(),
                exchange.method(),
                exchange.scheme(),
                exchange.host(),
                exchange.path(),
                exchange.protocol(),
                exchange.routeId(),
                exchange.backendId(),
                exchange.status(),
                exchange.bytesIn(),
                exchange.bytesOut(),
                millis(exchange.totalNanos()),
                exchange.backendNanos() < 0 ? null : millis(exchange.backendNanos()),
                exchange.attempts(),
                exchange.error() == null ? null : ErrorNames.of(exchange.error()),
                exchange.cause());
    }

    private static double millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS;
    }
}
