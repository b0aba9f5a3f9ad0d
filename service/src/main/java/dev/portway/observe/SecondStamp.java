package dev.portway.observe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A time of day as text, made anew once a second. Confined to one thread. */
final class SecondStamp {

    private final DateTimeFormatter formatter;
    private long second = Long.MIN_VALUE;
    private String text = "";

    /** A pattern with no field finer than a second. */
    SecondStamp(String pattern, ZoneId zone) {
        this.formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone);
    }

    String of(long epochMillis) {
        long wanted = Math.floorDiv(epochMillis, 1_000L);
        if (wanted != second) {
            text = formatter.format(Instant.ofEpochSecond(wanted));
            second = wanted;
        }
        return text;
    }
}
