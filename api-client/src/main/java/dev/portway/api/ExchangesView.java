package dev.portway.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the requests that the proxy has answered last. Immutable.
 *
 * @param next where to go on: the {@code after} of the next call
 * @param missed how many there were since {@code after} that the proxy does not keep any more, wanted or not
 * @param exchanges the oldest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExchangesView(long next, long missed, List<ExchangeView> exchanges) {

    /** A view with these parts; null for {@code exchanges} becomes an empty list. */
    public ExchangesView(long next, long missed, @Nullable List<ExchangeView> exchanges) {
        this.next = next;
        this.missed = missed;
        this.exchanges = exchanges == null ? List.of() : List.copyOf(exchanges);
    }
}
