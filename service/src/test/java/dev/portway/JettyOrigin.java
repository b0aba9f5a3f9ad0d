package dev.portway;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * A backend by Jetty, for what bare sockets are too little for: TLS and HTTP/2. It reads each request whole, remembers it and
 * answers as the test says.
 */
public final class JettyOrigin implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector;
    private final String scheme;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();

    private JettyOrigin(String scheme, Answer answer, ConnectionFactory... protocols) {
        this.scheme = scheme;
        this.connector = new ServerConnector(server, 1, 1, protocols);
        connector.setHost("127.0.0.1");
        connector.addEventListener(new org.eclipse.jetty.io.Connection.Listener() {
            @Override
            public void onOpened(org.eclipse.jetty.io.Connection connection) {
                if (!(connection.getEndPoint() instanceof org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint)) {
                    accepted.incrementAndGet();
                }
            }
        });
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                String body = Content.Source.asString(request);
                received.add(Received.of(request, body));
                answer.to(request, body, response, callback);
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What it does with a request that has been read whole. */
    @FunctionalInterface
    public interface Answer {
        void to(Request request, String body, Response response, Callback callback) throws Exception;

        /** 200 and this. */
        static Answer text(String text) {
            return (request, body, response, callback) -> Content.Sink.write(response, true, text, callback);
        }
    }

    /** A request that came in. */
    public record Received(
            String method,
            String authority,
            String target,
            String protocol,
            HttpFields fields,
            @Nullable HttpFields trailers,
            String body,
            @Nullable String serverName,
            @Nullable X509Certificate client) {

        static Received of(Request request, String body) {
            EndPoint.SslSessionData tls = request.getConnectionMetaData()
                    .getConnection()
                    .getEndPoint()
                    .getSslSessionData();
            X509Certificate[] chain = tls == null ? null : tls.peerCertificates();
            return new Received(
                    request.getMethod(),
                    request.getHttpURI().getAuthority(),
                    request.getHttpURI().getPathQuery(),
                    request.getConnectionMetaData().getProtocol(),
                    HttpFields.build(request.getHeaders()).asImmutable(),
                    request.getTrailers(),
                    body,
                    tls == null ? null : serverName((ExtendedSSLSession) tls.sslSession()),
                    chain == null ? null : chain[0]);
        }

        private static @Nullable String serverName(ExtendedSSLSession session) {
            List<SNIServerName> names = session.getRequestedServerNames();
            return names.isEmpty()
                    ? null
                    : new String(names.get(0).getEncoded(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    /** HTTP/2 in clear text, and HTTP/1.1. */
    public static JettyOrigin clear(Answer answer) {
        HttpConfiguration http = anything();
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setRateControlFactory(new RateControl.Factory() {}); // a test may reset as many streams as it likes
        return new JettyOrigin("h2c", answer, new HttpConnectionFactory(http), http2);
    }

    /** TLS with this certificate, HTTP/2 and HTTP/1.1. */
    public static JettyOrigin tls(String certificate, Answer answer) {
        HttpConfiguration http = anything();
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        return new JettyOrigin(
                "https",
                answer,
                new SslConnectionFactory(tls(certificate), alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(http),
                new HttpConnectionFactory(http));
    }

    /** TLS with this certificate and HTTP/1.1 alone, which knows nothing of ALPN. */
    public static JettyOrigin oldTls(String certificate, Answer answer) {
        return new JettyOrigin(
                "https",
                answer,
                new SslConnectionFactory(tls(certificate), "http/1.1"),
                new HttpConnectionFactory(anything()));
    }

    /** Jetty would refuse a Host that its certificate is not for, and some paths. */
    private static HttpConfiguration anything() {
        HttpConfiguration http = new HttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.addCustomizer(new SecureRequestCustomizer(false));
        return http;
    }

    private static SslContextFactory.Server tls(String certificate) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(TestCertificates.store(certificate));
        tls.setKeyStorePassword(TestCertificates.password());
        tls.setTrustStore(TestCertificates.store(certificate));
        tls.setWantClientAuth(true);
        return tls;
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** {@code SCHEME://127.0.0.1:PORT}, the scheme that says most of what it speaks. */
    public String url() {
        return url(scheme);
    }

    /** The same under another scheme. */
    public String url(String scheme) {
        return scheme + "://127.0.0.1:" + port();
    }

    /** The next request that came in, waiting for it up to five seconds. */
    public Received take() {
        try {
            Received next = received.poll(5, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the backend received no request within 5 s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Connections it took. */
    public int accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
