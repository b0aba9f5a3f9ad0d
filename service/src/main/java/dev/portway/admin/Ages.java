package dev.portway.admin;

import java.time.Duration;
import java.time.Instant;

/** Spans of time in words, as short as a table wants them. */
final class Ages {

    private Ages() {}

    /** {@code 4 s}, {@code 12 min}, {@code 3 h 5 min}, {@code 2 d 4 h}. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3_600 + " h";
    }

    /** How long before {@code now} it was: {@code 12 min ago}. */
    static String ago(Instant at, Instant now) {
        Duration age = Duration.between(at, now);
        return age.toSeconds() < 1 ? "just now" : span(age) + " ago";
    }
}
