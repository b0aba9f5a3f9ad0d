package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.Backend;
import java.util.Map;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** A backend as the client knows it: its connections, and its own way to be trusted. Thread-safe. */
final class BackendDestination extends HttpDestination {

    private final SslContextFactory.Client tls;

    BackendDestination(HttpClient client, Origin origin, BackendTls tls) {
        super(client, origin);
        this.tls = requireNonNull(tls, "tls");
    }

    /** The backend that the connection of this context is made to. */
    static Backend backendOf(Map<String, Object> context) {
        Destination destination = (Destination) requireNonNull(context.get(Destination.CONTEXT_KEY), "destination");
        return ((BackendTag) destination.getOrigin().getTag()).backend();
    }

    @Override
    public SslContextFactory.@Nullable Client resolveSslContextFactory() {
        return isSecure() ? tls : null;
    }
}
