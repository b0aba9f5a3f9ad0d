package dev.portway.transport;

import java.util.List;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnectionFactory;

/** HTTP/1.1 to backends: Jetty's, but for the connection. Thread-safe. */
final class BackendHttp1 extends ClientConnectionFactory.Info {

    private static final ClientConnectionFactory DEFAULTS = new HttpClientConnectionFactory();

    BackendHttp1() {
        super((endPoint, context) -> DEFAULTS.customize(new BackendConnection(endPoint, context), context));
    }

    @Override
    public List<String> getProtocols(boolean secure) {
        return List.of(BackendTransport.HTTP_1);
    }
}
