package dev.portway.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** One JSON object a line; {@code "log":"service"} tells it from lines of the access log. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter INSTANT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    @Override
    public String doLayout(ILoggingEvent event) {
        LineBuffer line = new LineBuffer(256);
        line.ascii("{\"time\":").json(INSTANT.format(event.getInstant()));
        line.ascii(",\"log\":\"service\",\"level\":").json(event.getLevel().toString());
        line.ascii(",\"logger\":").json(event.getLoggerName());
        line.ascii(",\"thread\":").json(event.getThreadName());
        line.ascii(",\"message\":").json(event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.ascii(",\"exception\":").json(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.ascii("}\n").toString();
    }
}
