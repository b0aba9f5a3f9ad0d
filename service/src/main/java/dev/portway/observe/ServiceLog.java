package dev.portway.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.portway.config.LoggingConfig;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.logging.common.async.AsyncAppenderFactory;
import io.dropwizard.logging.common.filter.LevelFilterFactory;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.dropwizard.logging.common.layout.LayoutFactory;
import io.dropwizard.util.DataSize;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The lines the service says about itself, by Dropwizard's logging: where they go and how they look is Portway's own
 * {@code logging}, and Dropwizard's keys in it ({@code loggers}, {@code appenders}) work as they always do. Nobody waits
 * for a line to be written; those there is no room for are counted as {@code portway.service-log.dropped}.
 */
public final class ServiceLog extends DefaultLoggingFactory {

    /** What tells users nothing they need while all is well; the JDK's own client would say whole URLs. */
    private static final List<String> QUIET = List.of(
            "com.codahale",
            "dev.portway.server.ProxyServerFactory", // Jetty's server, which says by that name that it stops
            "io.dropwizard",
            "javax.management",
            "jdk",
            "org.eclipse.jetty",
            "org.glassfish",
            "org.hibernate",
            "org.jvnet.hk2");

    /** What repeats at WARN what clients send, secrets included, and as often as they send it. */
    private static final List<String> INDISCREET =
            List.of("org.eclipse.jetty.http.HttpParser", "org.eclipse.jetty.util.HostPort");

    private static final int QUEUE = 1024;
    private static final LongAdder DROPPED = new LongAdder(); // of the process, as its log is

    private ServiceLog() {}

    /**
     * The logging that a configuration asks for.
     *
     * @param section the file's whole {@code logging}; null if it has none
     * @param mapper Dropwizard's, which knows the types of appenders
     * @throws JsonProcessingException if {@code appenders} are not what Dropwizard expects
     */
    public static ServiceLog of(LoggingConfig config, @Nullable JsonNode section, ObjectMapper mapper)
            throws JsonProcessingException {
        ServiceLog log = new ServiceLog();
        log.setLevel(config.level());
        log.setLoggers(loggers(config, section));
        log.setAppenders(
                section != null && section.has("appenders")
                        ? written(section.get("appenders"), mapper)
                        : List.of(appender(config)));
        return log;
    }

    @Override
    public void configure(MetricRegistry metrics, String name) {
        super.configure(metrics, name);
        metrics.gauge("portway.service-log.dropped", () -> (Gauge<Long>) DROPPED::sum);
    }

    private static Map<String, JsonNode> loggers(LoggingConfig config, @Nullable JsonNode section) {
        Map<String, JsonNode> loggers = new HashMap<>();
        Level quiet =
                Level.toLevel(config.level()).isGreaterOrEqual(Level.WARN) ? Level.toLevel(config.level()) : Level.WARN;
        for (String name : QUIET) {
            loggers.put(name, TextNode.valueOf(quiet.toString()));
        }
        for (String name : INDISCREET) {
            loggers.put(name, TextNode.valueOf(Level.ERROR.toString()));
        }
        if (section != null) {
            section.path("loggers").properties().forEach(entry -> loggers.put(entry.getKey(), entry.getValue()));
        }
        return loggers;
    }

    /** Appenders as the user wrote them, which do not block either, unless they say so. */
    private static List<AppenderFactory<ILoggingEvent>> written(JsonNode appenders, ObjectMapper mapper)
            throws JsonProcessingException {
        JsonNode copy = appenders.deepCopy();
        for (JsonNode appender : copy) {
            if (appender instanceof ObjectNode object && !object.has("neverBlock")) {
                object.put("neverBlock", true);
            }
        }
        return mapper.treeToValue(copy, new TypeReference<List<AppenderFactory<ILoggingEvent>>>() {});
    }

    private static AppenderFactory<ILoggingEvent> appender(LoggingConfig config) {
        DiscoverableLayoutFactory<ILoggingEvent> layout = switch (config.format()) {
            case TEXT, COMBINED -> (context, zone) -> new TextLayout(ZoneId.systemDefault());
            case JSON -> (context, zone) -> new JsonLayout();
        };
        AbstractAppenderFactory<ILoggingEvent> appender = switch (config.destination()) {
            case "stdout" -> console(ConsoleAppenderFactory.ConsoleStream.STDOUT);
            case "stderr" -> console(ConsoleAppenderFactory.ConsoleStream.STDERR);
            default -> file(Path.of(config.destination()).toAbsolutePath(), Rotation.DEFAULT);
        };
        appender.setLayout(layout);
        appender.setNeverBlock(true);
        appender.setQueueSize(QUEUE);
        appender.setDiscardingThreshold(0);
        return appender;
    }

    private static ConsoleAppenderFactory<ILoggingEvent> console(ConsoleAppenderFactory.ConsoleStream stream) {
        ConsoleAppenderFactory<ILoggingEvent> console = new ConsoleAppenderFactory<>() {
            @Override
            public Appender<ILoggingEvent> build(
                    LoggerContext context,
                    String applicationName,
                    LayoutFactory<ILoggingEvent> layoutFactory,
                    LevelFilterFactory<ILoggingEvent> levelFilterFactory,
                    AsyncAppenderFactory<ILoggingEvent> asyncAppenderFactory) {
                return super.build(context, applicationName, layoutFactory, levelFilterFactory, Counting::new);
            }
        };
        console.setTarget(stream);
        return console;
    }

    private static FileAppenderFactory<ILoggingEvent> file(Path file, Rotation rotation) {
        FileAppenderFactory<ILoggingEvent> appender = new FileAppenderFactory<>() {
            @Override
            public Appender<ILoggingEvent> build(
                    LoggerContext context,
                    String applicationName,
                    LayoutFactory<ILoggingEvent> layoutFactory,
                    LevelFilterFactory<ILoggingEvent> levelFilterFactory,
                    AsyncAppenderFactory<ILoggingEvent> asyncAppenderFactory) {
                return super.build(context, applicationName, layoutFactory, levelFilterFactory, Counting::new);
            }
        };
        appender.setCurrentLogFilename(file.toString());
        appender.setArchivedLogFilenamePattern(rotation.archivePattern(file));
        appender.setMaxFileSize(DataSize.bytes(rotation.maxFileBytes()));
        appender.setArchivedFileCount(rotation.maxDays());
        appender.setTotalSizeCap(DataSize.bytes(rotation.maxTotalBytes()));
        return appender;
    }

    /** Counts what it has no room for; off by a few where threads race for the last place. */
    private static final class Counting extends AsyncAppender {

        @Override
        protected void append(ILoggingEvent event) {
            if (getRemainingCapacity() == 0) {
                DROPPED.increment();
            }
            super.append(event);
        }
    }
}
