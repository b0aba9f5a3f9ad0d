package dev.portway.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.ZoneId;

/**
 * What is logged until the configuration is read and says where to: warnings, on stderr. Logback makes it, which would
 * otherwise look for files of its own and print what Jetty has to say to developers. In another program it does nothing: the logging is
 * that program's.
 */
public final class EarlyLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!OwnProcess.said) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(new TextLayout(ZoneId.systemDefault()));
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whose process this is. A class of its own, so that a command that logs nothing loads nothing of logback. */
    public static final class OwnProcess {

        private static volatile boolean said; // written before anything is logged

        private OwnProcess() {}

        /** It is the proxy's, logging included. */
        public static void say() {
            said = true;
        }
    }
}
