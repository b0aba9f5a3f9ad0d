package dev.portway.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AsyncAppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.config.LoggingConfig;
import dev.portway.config.LoggingConfig.Format;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.logging.common.async.AsyncLoggingEventAppenderFactory;
import io.dropwizard.logging.common.filter.ThresholdLevelFilterFactory;
import io.dropwizard.logging.common.layout.DropwizardLayoutFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLogTest {

    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();

    private final LoggerContext context = new LoggerContext();

    @Test
    void writesAShortLineForPeople() {
        assertThat(text(Level.INFO, "route added: web -> localhost:3000", null))
                .isEqualTo("12:34:56 INFO  route added: web -> localhost:3000\n");
        assertThat(text(Level.ERROR, "x", null)).isEqualTo("12:34:56 ERROR x\n");
    }

    @Test
    void namesThreadAndLoggerForDevelopers() {
        assertThat(text(Level.DEBUG, "dialled", null))
                .isEqualTo("12:34:56.789 DEBUG [some-thread] dev.portway.Some: dialled\n");
    }

    @Test
    void namesAnExceptionInALineAndTracesItForErrors() {
        IOException full = new IOException("disk full");

        assertThat(text(Level.WARN, "not saved", full))
                .isEqualTo("12:34:56 WARN  not saved (java.io.IOException: disk full)\n");
        assertThat(text(Level.ERROR, "not saved", full))
                .startsWith("12:34:56 ERROR not saved\njava.io.IOException: disk full\n    ")
                .contains("at dev.portway.observe.ServiceLogTest");
    }

    @Test
    void letsNoMessageForgeALineOrReachATerminal() {
        assertThat(text(Level.INFO, "a\r\n12:00:00 WARN  b\u001b[31m\u202ec\u2028d é", null))
                .isEqualTo("12:34:56 INFO  a\n    12:00:00 WARN  b\\u001b[31m\\u202ec\\u2028d é\n");
    }

    @Test
    void writesOneJsonObjectALine() throws Exception {
        String line = new JsonLayout().doLayout(event(Level.WARN, "say \"hi\"\nthere", new IOException("x")));

        assertThat(line).matches("[ -~]+\n");
        JsonNode json = MAPPER.readTree(line);
        assertThat(json.path("time").asText()).isEqualTo("2026-01-02T12:34:56.789Z");
        assertThat(json.path("log").asText()).isEqualTo("service");
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("message").asText()).isEqualTo("say \"hi\"\nthere");
        assertThat(json.path("exception").asText()).startsWith("java.io.IOException: x");
    }

    @Test
    void keepsLibrariesQuietUnlessTheUserSaysOtherwise() throws Exception {
        JsonNode section = MAPPER.readTree("{\"loggers\": {\"org.eclipse.jetty\": \"DEBUG\", \"mine\": \"TRACE\"}}");

        ServiceLog log = ServiceLog.of(LoggingConfig.DEFAULT, section, MAPPER);

        assertThat(log.getLevel()).isEqualTo("INFO");
        assertThat(levelOf("org.glassfish", log)).isEqualTo("WARN");
        assertThat(levelOf("org.eclipse.jetty", log)).isEqualTo("DEBUG");
        assertThat(levelOf("mine", log)).isEqualTo("TRACE");
    }

    @Test
    void doesNotMakeLibrariesLouderThanTheRest() throws Exception {
        ServiceLog log = ServiceLog.of(new LoggingConfig("ERROR", Format.TEXT, "stdout", true), null, MAPPER);

        assertThat(levelOf("io.dropwizard", log)).isEqualTo("ERROR");
    }

    @Test
    void writesWhereTheConfigurationSays() throws Exception {
        ServiceLog console = ServiceLog.of(new LoggingConfig("INFO", Format.JSON, "stderr", true), null, MAPPER);
        ServiceLog file = ServiceLog.of(new LoggingConfig("INFO", Format.TEXT, "logs/a.log", true), null, MAPPER);

        assertThat(console.getAppenders())
                .singleElement()
                .isInstanceOfSatisfying(
                        ConsoleAppenderFactory.class,
                        appender -> assertThat(appender.getTarget())
                                .isEqualTo(ConsoleAppenderFactory.ConsoleStream.STDERR));
        assertThat(file.getAppenders())
                .singleElement()
                .isInstanceOfSatisfying(
                        FileAppenderFactory.class,
                        appender -> assertThat(appender.getArchivedLogFilenamePattern())
                                .endsWith("logs/a.%d{yyyy-MM-dd}.%i.log.gz"));
    }

    @Test
    void neverBlocksWhereverItWrites(@TempDir Path folder) throws Exception {
        String file = folder.resolve("a.log").toString();
        JsonNode section = MAPPER.readTree("{\"appenders\": [{\"type\": \"console\"}]}");

        assertThat(neverBlocks(ServiceLog.of(LoggingConfig.DEFAULT, null, MAPPER)))
                .isTrue();
        assertThat(neverBlocks(ServiceLog.of(new LoggingConfig("INFO", Format.TEXT, file, true), null, MAPPER)))
                .isTrue();
        assertThat(neverBlocks(ServiceLog.of(LoggingConfig.DEFAULT, section, MAPPER)))
                .isTrue();
    }

    @Test
    void refusesAnAppenderNobodyKnows() throws Exception {
        JsonNode section = MAPPER.readTree("{\"appenders\": [{\"type\": \"pigeon\"}]}");

        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> ServiceLog.of(LoggingConfig.DEFAULT, section, MAPPER));
    }

    private static String levelOf(String logger, ServiceLog log) {
        return requireNonNull(log.getLoggers().get(logger), logger).asText();
    }

    private boolean neverBlocks(ServiceLog log) {
        var appender = log.getAppenders()
                .get(0)
                .build(
                        context,
                        "test",
                        new DropwizardLayoutFactory(),
                        new ThresholdLevelFilterFactory(),
                        new AsyncLoggingEventAppenderFactory());
        try {
            return ((AsyncAppenderBase<ILoggingEvent>) appender).isNeverBlock();
        } finally {
            appender.stop();
        }
    }

    private String text(Level level, String message, @Nullable Throwable thrown) {
        return new TextLayout(ZoneOffset.UTC).doLayout(event(level, message, thrown));
    }

    private LoggingEvent event(Level level, String message, @Nullable Throwable thrown) {
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("dev.portway.Some"), level, message, thrown, new Object[0]);
        event.setInstant(Instant.ofEpochMilli(Exchanges.NOON));
        event.setThreadName("some-thread");
        return event;
    }
}
