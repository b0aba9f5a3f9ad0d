package dev.portway.observe;

import dev.portway.config.LoggingConfig;
import dev.portway.exchange.ExchangeRecord;
import java.time.ZoneId;

/** How one exchange looks as a line of the access log. Implementations are confined to the thread that writes it. */
interface AccessFormat {

    /** Appends a line and its line feed. */
    void append(ExchangeRecord exchange, LineBuffer line);

    static AccessFormat of(LoggingConfig.Format format, ZoneId zone) {
        return switch (format) {
            case TEXT -> new TextAccessFormat(zone);
            case JSON -> new JsonAccessFormat();
            case COMBINED -> new CombinedAccessFormat(zone);
        };
    }
}
