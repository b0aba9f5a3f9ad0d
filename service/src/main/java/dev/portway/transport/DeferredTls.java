package dev.portway.transport;

import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS to backends with the system's trust, its hundred-odd certificates not read before a backend needs them: most
 * proxies on a developer's machine never do, and reading takes a good part of the time to start.
 */
final class DeferredTls extends SslContextFactory.Client {

    private boolean loaded; // guarded by this

    DeferredTls() {
        setEndpointIdentificationAlgorithm("HTTPS");
    }

    @Override
    protected void doStart() {
        // See the class comment.
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        load();
        return super.newSSLEngine(host, port);
    }

    private synchronized void load() {
        if (!loaded) {
            try {
                super.doStart();
            } catch (Exception e) {
                throw new IllegalStateException("the system's trusted certificates could not be read", e);
            }
            loaded = true;
        }
    }
}
