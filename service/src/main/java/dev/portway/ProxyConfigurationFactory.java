package dev.portway;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.observe.ServiceLog;
import dev.portway.server.ProxyServerFactory;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.health.HealthFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.metrics.common.MetricsFactory;
import java.util.List;

/**
 * Makes Dropwizard's configuration from a file that is already read and valid: only Dropwizard's own sections are left
 * to it, and only those that are there.
 */
final class ProxyConfigurationFactory {

    private static final List<String> SECTIONS = List.of("server", "metrics", "health");

    private final ConfigDocument document;
    private final ObjectNode tree;
    private final ObjectMapper mapper;

    ProxyConfigurationFactory(ConfigDocument document) {
        this.document = requireNonNull(document, "document");
        this.tree = document.read().tree();
        // The modules of Dropwizard's mapper take a thirtieth of a start: only for what they are needed for.
        this.mapper = hasOwnSections(tree) ? Jackson.newObjectMapper() : new ObjectMapper();
    }

    private static boolean hasOwnSections(ObjectNode tree) {
        return SECTIONS.stream().anyMatch(tree::has) || tree.path("logging").has("appenders");
    }

    /**
     * The configuration.
     *
     * @throws ConfigurationException if one of Dropwizard's sections does not say what Dropwizard understands
     */
    ProxyConfiguration build() throws ConfigurationException {
        ProxyServerFactory server =
                tree.has("server") ? server((ObjectNode) tree.get("server")) : new ProxyServerFactory();
        ProxyConfiguration configuration = new ProxyConfiguration(document, server, mapper);
        configuration.setLoggingFactory(logging(configuration));
        if (tree.has("metrics")) {
            configuration.setMetricsFactory(section("metrics", MetricsFactory.class));
        }
        if (tree.has("health")) {
            configuration.setHealthFactory(section("health", HealthFactory.class));
        }
        return configuration;
    }

    private ProxyServerFactory server(ObjectNode written) throws ConfigurationException {
        ObjectNode typed = written.deepCopy();
        if (!typed.has("type")) {
            typed.put("type", "portway");
        }
        ServerFactory factory = read(typed, "/server", ServerFactory.class);
        if (factory instanceof ProxyServerFactory proxy) {
            return proxy;
        }
        throw new InvalidSectionException(
                "/server/type", "only the type \"portway\" serves the proxy; leave the type out");
    }

    private LoggingFactory logging(ProxyConfiguration configuration) throws ConfigurationException {
        try {
            return ServiceLog.of(configuration.portway().logging(), tree.get("logging"), mapper);
        } catch (JsonProcessingException e) {
            throw new InvalidSectionException("/logging/appenders", e.getOriginalMessage());
        }
    }

    private <T> T section(String name, Class<T> type) throws ConfigurationException {
        return read(tree.get(name), "/" + name, type);
    }

    private <T> T read(JsonNode node, String pointer, Class<T> type) throws ConfigurationException {
        try {
            return mapper.treeToValue(node, type);
        } catch (JsonMappingException e) {
            StringBuilder at = new StringBuilder(pointer);
            for (JsonMappingException.Reference step : e.getPath()) {
                at.append('/').append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
            }
            throw new InvalidSectionException(at.toString(), e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new InvalidSectionException(pointer, e.getOriginalMessage());
        }
    }

    /** One of Dropwizard's own sections does not say what Dropwizard understands. */
    static final class InvalidSectionException extends ConfigurationException {

        private static final long serialVersionUID = 1L;

        InvalidSectionException(String pointer, String message) {
            super(pointer, List.of(pointer + ": " + message));
        }
    }
}
