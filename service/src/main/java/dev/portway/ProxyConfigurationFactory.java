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
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.health.HealthFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.metrics.common.MetricsFactory;
import java.util.List;

/**
 * Makes Dropwizard's configuration from a file that is already read and valid: only Dropwizard's own sections are left
 * to it, and only those that are there.
 */
final class ProxyConfigurationFactory implements ConfigurationFactory<ProxyConfiguration> {

    private final ConfigDocument document;
    private final ObjectMapper mapper;

    ProxyConfigurationFactory(ConfigDocument document, ObjectMapper mapper) {
        this.document = requireNonNull(document, "document");
        this.mapper = requireNonNull(mapper, "mapper");
    }

    @Override
    public ProxyConfiguration build(ConfigurationSourceProvider provider, String path) throws ConfigurationException {
        return build();
    }

    @Override
    public ProxyConfiguration build() throws ConfigurationException {
        ObjectNode tree = document.read().tree();
        ProxyServerFactory server =
                tree.has("server") ? server((ObjectNode) tree.get("server")) : new ProxyServerFactory();
        ProxyConfiguration configuration = new ProxyConfiguration(document, server);
        configuration.setLoggingFactory(logging(configuration, tree));
        if (tree.has("metrics")) {
            configuration.setMetricsFactory(section(tree, "metrics", MetricsFactory.class));
        }
        if (tree.has("health")) {
            configuration.setHealthFactory(section(tree, "health", HealthFactory.class));
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

    private LoggingFactory logging(ProxyConfiguration configuration, ObjectNode tree) throws ConfigurationException {
        try {
            return ServiceLog.of(configuration.portway().logging(), tree.get("logging"), mapper);
        } catch (JsonProcessingException e) {
            throw new InvalidSectionException("/logging/appenders", e.getOriginalMessage());
        }
    }

    private <T> T section(ObjectNode tree, String name, Class<T> type) throws ConfigurationException {
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
