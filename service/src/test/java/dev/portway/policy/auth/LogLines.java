package dev.portway.policy.auth;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class logs from INFO on, while this is open; to be opened when the proxy has started, which sets logging up. */
final class LogLines implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger log;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    LogLines(Class<?> of) {
        log = (Logger) LoggerFactory.getLogger(of);
        appender.start();
        log.setLevel(Level.INFO);
        log.addAppender(appender);
    }

    /** Each with its level before it. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        log.detachAppender(appender);
        log.setLevel(null);
    }
}
