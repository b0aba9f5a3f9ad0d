package dev.portway;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.config.ConfigDocument;
import dev.portway.config.PortwayConfig;
import dev.portway.server.ProxyServerFactory;
import io.dropwizard.core.Configuration;

/** Dropwizard's configuration with the proxy's own beside it. Confined to the thread that starts the proxy. */
final class ProxyConfiguration extends Configuration {

    private final ConfigDocument document;
    private final ProxyServerFactory server;
    private final ObjectMapper mapper;

    ProxyConfiguration(ConfigDocument document, ProxyServerFactory server, ObjectMapper mapper) {
        this.document = requireNonNull(document, "document");
        this.server = requireNonNull(server, "server");
        this.mapper = requireNonNull(mapper, "mapper");
        setServerFactory(server);
    }

    ProxyServerFactory server() {
        return server;
    }

    /** What Dropwizard's own sections were read with. */
    ObjectMapper mapper() {
        return mapper;
    }

    PortwayConfig portway() {
        return requireNonNull(document.read().config(), "document: expected one without errors");
    }
}
