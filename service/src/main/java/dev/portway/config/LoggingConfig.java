package dev.portway.config;

import java.util.List;
import java.util.Locale;

/**
 * Where log lines go and how they look; the part of {@code logging} that is Portway's own. Immutable.
 *
 * @param level a level name: OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL
 * @param format of service and access lines; {@code COMBINED} concerns the access lines alone
 * @param destination {@code stdout}, {@code stderr} or a file's absolute path
 * @param access whether each request gets a line
 */
public record LoggingConfig(String level, Format format, String destination, boolean access) {

    public static final LoggingConfig DEFAULT = new LoggingConfig("INFO", Format.TEXT, "stdout", true);

    /** How a line is written. */
    public enum Format {
        TEXT,
        JSON,
        COMBINED
    }

    private static final List<String> LEVELS = List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

    /** The last three are Dropwizard's own. */
    static final Keys KEYS = Keys.of("level", "format", "destination", "access", "type", "loggers", "appenders");

    static LoggingConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new LoggingConfig(
                in.get("level", DEFAULT.level, LoggingConfig::readLevel),
                in.get("format", DEFAULT.format, LoggingConfig::readFormat),
                in.get("destination", DEFAULT.destination, LoggingConfig::readDestination),
                in.get("access", DEFAULT.access, Cursor::bool));
    }

    private static String readLevel(Cursor at) throws InvalidValueException {
        String expected = String.join(", ", LEVELS);
        String text = at.text("a level", expected);
        String level = text.toUpperCase(Locale.ROOT);
        boolean oneCase = text.equals(level) || text.equals(text.toLowerCase(Locale.ROOT));
        if (!oneCase || !LEVELS.contains(level)) {
            throw new InvalidValueException("is not a level", expected);
        }
        return level;
    }

    private static Format readFormat(Cursor at) throws InvalidValueException {
        String expected = "text, json or combined";
        return switch (at.text("a format", expected)) {
            case "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            case "combined" -> Format.COMBINED;
            default -> throw new InvalidValueException("is not a format", expected);
        };
    }

    private static String readDestination(Cursor at) throws InvalidValueException {
        String expected = "stdout, stderr or a file";
        String text = at.text("a destination", expected);
        return switch (text) {
            case "stdout", "stderr" -> text;
            default -> FilePath.read(at, expected).toString();
        };
    }
}
