package dev.portway.config;

import java.time.Duration;
import java.util.Optional;

/** Spans of time as the file has them: a whole number and its unit. */
public final class WrittenDuration {

    private static final String EXPECTED = "a whole number and its unit ms, s, m or h, such as \"30s\"";
    private static final Duration MAX = Duration.ofDays(365);

    private WrittenDuration() {}

    /** As the file has it: the largest unit that leaves a whole number; {@code none} for none. */
    public static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "none";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    /** The span that a text says; empty where it says none. */
    public static Optional<Duration> of(String text) {
        try {
            return Optional.of(parse(text, EXPECTED));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** A span longer than nothing. */
    static Duration read(Cursor at) throws InvalidValueException {
        return parse(at.text("a duration", EXPECTED), EXPECTED);
    }

    /** The same, or {@code "none"}, which is {@link Duration#ZERO}. */
    static Duration orNone(Cursor at) throws InvalidValueException {
        String expected = EXPECTED + ", or \"none\"";
        String text = at.text("a duration", expected);
        return text.equals("none") ? Duration.ZERO : parse(text, expected);
    }

    /** A span longer than nothing, where {@code "p95"} could stand, too. */
    static Duration orP95(Cursor at) throws InvalidValueException {
        String expected = EXPECTED + ", or \"p95\"";
        return parse(at.text("a duration", expected), expected);
    }

    /** A span of so long at least. */
    static Duration atLeast(Cursor at, Duration least) throws InvalidValueException {
        Duration duration = read(at);
        if (duration.compareTo(least) < 0) {
            throw new InvalidValueException("is too short", written(least) + "..8760h");
        }
        return duration;
    }

    private static Duration parse(String text, String expected) throws InvalidValueException {
        int digits = 0;
        while (digits < text.length() && Ascii.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 15) {
            throw new InvalidValueException("is not a duration", expected);
        }
        long millis = unit(text.substring(digits), expected);
        Duration duration = Duration.ofMillis(millis).multipliedBy(Long.parseLong(text.substring(0, digits)));
        if (duration.isZero() || duration.compareTo(MAX) > 0) {
            throw new InvalidValueException("is out of range", "1ms..8760h");
        }
        return duration;
    }

    private static long unit(String unit, String expected) throws InvalidValueException {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "" -> throw new InvalidValueException("has no unit", expected);
            default -> throw new InvalidValueException("is not a duration", expected);
        };
    }
}
