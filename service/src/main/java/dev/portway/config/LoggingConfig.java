package dev.portway.config;

/**
 * Where log lines go and how they look; the part of {@code logging} that is Portway's own. Immutable.
 *
 * @param level a level name: OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL
 * @param format of service and access lines; {@code COMBINED} concerns the access lines alone
 * @param destination {@code stdout}, {@code stderr} or a file's path
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
}
