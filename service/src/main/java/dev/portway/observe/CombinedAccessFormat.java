package dev.portway.observe;

import dev.portway.exchange.ExchangeRecord;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Apache's combined log format, field by field what its parsers expect, but without queries. */
final class CombinedAccessFormat implements AccessFormat {

    private final SecondStamp time;

    CombinedAccessFormat(ZoneId zone) {
        this.time = new SecondStamp("dd/MMM/yyyy:HH:mm:ss Z", zone);
    }

    @Override
    public void append(ExchangeRecord exchange, LineBuffer line) {
        line.word(exchange.client())
                .ascii(" - - [")
                .ascii(time.of(exchange.endedAt()))
                .ascii("] \"");
        line.word(exchange.method()).ascii(' ').word(exchange.path()).ascii(' ').word(exchange.protocol());
        line.ascii("\" ").number(exchange.status()).ascii(' ');
        if (exchange.bytesOut() > 0) {
            line.number(exchange.bytesOut());
        } else {
            line.ascii('-');
        }
        quoted(Secrets.withoutQuery(exchange.referer()), line);
        quoted(exchange.userAgent(), line);
        line.ascii('\n');
    }

    private static void quoted(@Nullable String text, LineBuffer line) {
        line.ascii(" \"").words(text == null ? "-" : text).ascii('"');
    }
}
