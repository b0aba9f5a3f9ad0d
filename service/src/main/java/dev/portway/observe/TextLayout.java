package dev.portway.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A line for people: {@code 10:24:03 INFO  route added: web -> localhost:3000}. Thread and logger come with DEBUG, stack
 * traces with ERROR and DEBUG; lines in between name an exception without its trace. Never a colour, and no control
 * sequence of anybody else's.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final String CONTINUATION = "\n    ";

    private final DateTimeFormatter seconds;
    private final DateTimeFormatter millis;

    TextLayout(ZoneId zone) {
        this.seconds = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
        this.millis = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(128);
        boolean forDevelopers = !event.getLevel().isGreaterOrEqual(Level.INFO);
        (forDevelopers ? millis : seconds).formatTo(event.getInstant(), line);
        line.append(' ').append(event.getLevel());
        line.append(" ".repeat(Math.max(1, 6 - event.getLevel().toString().length())));
        if (forDevelopers) {
            line.append('[').append(event.getThreadName()).append("] ").append(event.getLoggerName());
            line.append(": ");
        }
        appendSafely(event.getFormattedMessage(), line);

        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            if (forDevelopers || event.getLevel() == Level.ERROR) {
                line.append('\n');
                appendSafely(ThrowableProxyUtil.asString(thrown).stripTrailing(), line);
            } else {
                line.append(" (");
                appendSafely(thrown.getClassName() + ": " + thrown.getMessage(), line);
                line.append(')');
            }
        }
        return line.append('\n').toString();
    }

    /** What stands behind a line feed is indented, so that it cannot pass for a line of its own. */
    private static void appendSafely(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\n') {
                line.append(CONTINUATION);
            } else if (character == '\t') {
                line.append("  ");
            } else if (harmless(character)) {
                line.append(character);
            } else if (character != '\r') {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            }
        }
    }

    private static boolean harmless(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
