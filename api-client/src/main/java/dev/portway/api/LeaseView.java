package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has a route, and until when. Immutable.
 *
 * @param route its id
 * @param owner who alone may renew it; null for anybody who names no owner either
 * @param expires when it is over, unless it is renewed
 * @param secondsLeft until then, rounded up
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LeaseView(
        String route,
        @Nullable String owner,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant expires,
        long secondsLeft) {

    /**
     * A lease with these parts.
     *
     * @throws NullPointerException if {@code route} or {@code expires} is null
     */
    public LeaseView {
        requireNonNull(route, "route");
        requireNonNull(expires, "expires");
    }
}
