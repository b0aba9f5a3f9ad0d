package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.cli.StartRequest;
import dev.portway.config.PortwayConfig;
import dev.portway.server.ProxyServerFactory;
import io.dropwizard.core.Configuration;

/** Dropwizard's configuration with the proxy's own beside it. Confined to the thread that starts the proxy. */
final class ProxyConfiguration extends Configuration {

    private final StartRequest request;
    private final ProxyServerFactory server;

    ProxyConfiguration(StartRequest request, ProxyServerFactory server) {
        this.request = requireNonNull(request, "request");
        this.server = requireNonNull(server, "server");
        setServerFactory(server);
    }

    StartRequest request() {
        return request;
    }

    ProxyServerFactory server() {
        return server;
    }

    PortwayConfig portway() {
        return requireNonNull(request.document().read().config(), "document: expected one without errors");
    }
}
