package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import java.time.ZoneId;

/**
 * Columns for people: time, status, method, total time, the backend's share of it, bytes, host and path, route and
 * backend, client, request id; behind them, where there are any, attempts and the error.
 */
final class TextAccessFormat implements AccessFormat {

    private static final long KIB = 1024;
    private static final long MIB = KIB * 1024;
    private static final long GIB = MIB * 1024;
    private static final int METHOD_WIDTH = 6;
    private static final int TIME_WIDTH = 7;
    private static final int BYTES_WIDTH = 7;

    private final SecondStamp time;

    TextAccessFormat(ZoneId zone) {
        this.time = new SecondStamp("HH:mm:ss", zone);
    }

    @Override
    public void append(ExchangeRecord exchange, LineBuffer line) {
        line.ascii(time.of(exchange.endedAt()))
                .ascii(' ')
                .number(exchange.status())
                .ascii(' ');
        int start = line.size();
        line.word(exchange.method()).padTo(start, METHOD_WIDTH).ascii(' ');
        duration(exchange.totalNanos(), line);
        line.ascii(' ');
        duration(exchange.backendNanos(), line);
        line.ascii(' ');
        bytes(exchange.bytesOut(), line);

        line.ascii("  ");
        if (exchange.host() != null) {
            line.word(exchange.host());
        }
        line.word(exchange.path()).ascii("  ");
        line.word(exchange.routeId() == null ? "-" : exchange.routeId()).ascii(" -> ");
        line.word(exchange.backendId() == null ? "-" : exchange.backendId()).ascii("  ");
        line.word(exchange.client()).ascii("  ").word(exchange.requestId());

        if (exchange.attempts() > 1) {
            line.ascii("  attempts=").number(exchange.attempts());
        }
        if (exchange.hedged() > 0) {
            line.ascii("  hedged=").number(exchange.hedged());
        }
        if (exchange.error() != null) {
            line.ascii("  error=").ascii(ErrorNames.of(exchange.error()));
        }
        if (exchange.cause() != null) {
            line.ascii(" (").words(exchange.cause()).ascii(')');
        }
        line.ascii('\n');
    }

    /** Three digits that count and a unit: {@code 870us}, {@code 3.42ms}, {@code 12.5s}; a dash where there was none. */
    private static void duration(long nanos, LineBuffer line) {
        int start = line.size();
        if (nanos < 0) {
            line.ascii('-');
        } else if (nanos < 1_000_000) {
            line.number(nanos / 1_000).ascii("us");
        } else if (nanos < 1_000_000_000) {
            decimal(nanos, 1_000_000, line);
            line.ascii("ms");
        } else {
            decimal(nanos, 1_000_000_000, line);
            line.ascii('s');
        }
        line.alignRight(start, TIME_WIDTH);
    }

    private static void bytes(long count, LineBuffer line) {
        int start = line.size();
        if (count < KIB) {
            line.number(count).ascii('B');
        } else if (count < MIB) {
            decimal(count, KIB, line);
            line.ascii("KiB");
        } else if (count < GIB) {
            decimal(count, MIB, line);
            line.ascii("MiB");
        } else {
            decimal(count, GIB, line);
            line.ascii("GiB");
        }
        line.alignRight(start, BYTES_WIDTH);
    }

    private static void decimal(long value, long unit, LineBuffer line) {
        long whole = value / unit;
        line.number(whole);
        if (whole < 10) {
            line.ascii('.').number(value % unit * 10 / unit).number(value % unit * 100 / unit % 10);
        } else if (whole < 100) {
            line.ascii('.').number(value % unit * 10 / unit);
        }
    }
}
