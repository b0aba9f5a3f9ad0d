package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import dev.portway.config.PortwayConfig;
import dev.portway.server.ProxyServerFactory;
import io.dropwizard.core.Configuration;

/** Dropwizard's configuration with the proxy's own beside it. Confined to the thread that starts the proxy. */
final class ProxyConfiguration extends Configuration {

    private final ConfigDocument document;
    private final ProxyServerFactory server;

    ProxyConfiguration(ConfigDocument document, ProxyServerFactory server) {
        this.document = requireNonNull(document, "document");
        this.server = requireNonNull(server, "server");
        setServerFactory(server);
    }

    ProxyServerFactory server() {
        return server;
    }

    PortwayConfig portway() {
        return requireNonNull(document.read().config(), "document: expected one without errors");
    }
}
