package dev.portway;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A client that speaks nothing but HTTP/2: in clear text with prior knowledge, or over TLS. */
public final class Http2Client implements AutoCloseable {

    private final URI server;
    private final HttpClient client;

    private Http2Client(URI server, HttpClient client) {
        this.server = server;
        this.client = client;
    }

    /** One that trusts {@link TestCertificate#shared}. */
    public static Http2Client to(URI server) {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(TestCertificate.shared().trusting());
        ClientConnector connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client(connector)));
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setIdleTimeout(10_000);
        client.getContentDecoderFactories().clear();
        try {
            client.start();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return new Http2Client(server, client);
    }

    public Request request(String path) {
        return client.newRequest(server.resolve(path)).timeout(20, TimeUnit.SECONDS);
    }

    public ContentResponse get(String path) throws Exception {
        return request(path).send();
    }

    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
