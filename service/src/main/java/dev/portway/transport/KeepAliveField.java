package dev.portway.transport;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a backend says of how long it keeps an idle connection: {@code Keep-Alive: timeout=5, max=100}. */
final class KeepAliveField {

    private static final String TIMEOUT = "timeout=";
    private static final int MAX_DIGITS = 9;
    private static final long MAX_MARGIN_MILLIS = 1000;

    private KeepAliveField() {}

    /**
     * How long the connection may be idle and still be used: what is announced less a tenth, or a second where that is
     * less, for the time that a request is on its way.
     *
     * @return in milliseconds; negative where nothing is said that can be understood
     */
    static long usableMillis(@Nullable String value) {
        if (value == null) {
            return -1;
        }
        for (String parameter : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            String trimmed = parameter.strip();
            if (trimmed.startsWith(TIMEOUT)) {
                String seconds = trimmed.substring(TIMEOUT.length()).strip();
                boolean number = !seconds.isEmpty()
                        && seconds.length() <= MAX_DIGITS
                        && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
                long millis = number ? Long.parseLong(seconds) * 1000 : -1;
                return millis - Math.min(MAX_MARGIN_MILLIS, millis / 10);
            }
        }
        return -1;
    }
}
