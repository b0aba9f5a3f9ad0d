package dev.portway.forward;

import dev.portway.transport.BackendResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** What a backend says that cannot serve anybody for a while (RFC 9110, section 10.2.3). */
final class RetryAfter {

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /**
     * How long the backend that sent {@code response} asks to be left alone. Only by 503: what it says by 429 it says to one
     * client.
     *
     * @return null if it does not, or not in a way that can be read
     */
    static @Nullable Duration of(BackendResponse response) {
        if (response.status() != HttpStatus.SERVICE_UNAVAILABLE_503) {
            return null;
        }
        String value = response.fields().get(HttpHeader.RETRY_AFTER);
        Duration time = value == null ? null : parse(value.strip());
        return time == null || time.isNegative() || time.isZero() ? null : time;
    }

    private static @Nullable Duration parse(String value) {
        if (digits(value)) {
            return Duration.ofSeconds(Integer.parseInt(value));
        }
        try {
            return Duration.between(Instant.now(), HttpDateTime.parse(value).toInstant());
        } catch (DateTimeException | IllegalArgumentException notADate) {
            return null;
        }
    }

    private static boolean digits(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= MAX_DIGITS;
    }
}
