package dev.portway.transport;

import dev.portway.config.LimitsConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.TlsConfig;
import dev.portway.config.TlsIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** What the proxy speaks with clients. */
final class ClientProtocols {

    /**
     * What may stand in a path although Jetty thinks it ambiguous or wrong. Matching sees the path normalised by
     * {@code RequestPath}, to which each of these means one thing, and what is forwarded keeps the client's own escapes:
     * so a backend that reads them otherwise decides only for itself.
     */
    private static final UriCompliance PATHS = UriCompliance.RFC3986.with(
            "portway",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT, // /a/%2e%2e/b: resolved like /a/../b
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT, // /a//b: three segments
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, // /a%2Fb: one segment
            UriCompliance.Violation.AMBIGUOUS_PATH_PARAMETER, // /a/..;x/b: a segment called "..;x"
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING, // /a%25b: an escaped percent sign
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS, // /a%5Cb: forwarded as it is
            UriCompliance.Violation.ILLEGAL_PATH_CHARACTERS, // /a|b: what browsers send unescaped
            UriCompliance.Violation.BAD_PERCENT_ENCODING, // RequestPath refuses these itself
            UriCompliance.Violation.BAD_UTF8_ENCODING, // /a%FF: bytes, not text
            UriCompliance.Violation.TRUNCATED_UTF8_ENCODING, // /a%C3: bytes, not text
            UriCompliance.Violation.UTF16_ENCODINGS); // /a%u0041: refused by RequestPath as a broken escape

    /** As Jetty calls what makes connections over TLS. */
    static final String TLS = "SSL";

    private ClientProtocols() {}

    /** In clear text: HTTP/1.1, and HTTP/2 with clients that know they may. */
    static ConnectionFactory[] plain(ProxyConfig proxy) {
        LimitsConfig limits = proxy.limits();
        return new ConnectionFactory[] {
            new Opening.Factory(proxy.proxyProtocol() ? proxy.trustedProxies() : List.of()),
            new LoopConnections(http(limits)),
            new Http2Connections(http(limits), Http2Connections.CLEAR)
        };
    }

    /** Over TLS: HTTP/2 and HTTP/1.1, as the client can. */
    static ConnectionFactory[] tls(ProxyConfig proxy, TlsConfig tls) {
        LimitsConfig limits = proxy.limits();
        return new ConnectionFactory[] {
            new Opening.Factory(proxy.proxyProtocol() ? proxy.trustedProxies() : List.of()),
            new TlsConnections(contexts(tls)),
            new TlsHandshake.Factory(),
            new Http2Connections(http(limits), Http2Connections.TLS),
            new LoopConnections(http(limits))
        };
    }

    private static HttpConfiguration http(LimitsConfig limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(PATHS);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setResponseHeaderSize(limits.headerBytes());
        http.setMaxResponseHeaderSize(limits.headerBytes() + 4096);
        http.setSendServerVersion(false);
        // Nobody listens for violations; Jetty would make two filters a request that keep the forbidden ones from
        // nobody.
        http.setNotifyForbiddenComplianceViolations(true);
        http.setHeaderCacheSize(0); // docs/decisions/079
        http.setSendDateHeader(false); // the backend's, or added where it has none
        return http;
    }

    private static SslContextFactory.Server contexts(TlsConfig tls) {
        TlsIdentity identity = tls.identity();
        SslContextFactory.Server contexts = new SslContextFactory.Server();
        String password = ""; // of a store that never leaves this process
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "proxy",
                    identity.key(),
                    password.toCharArray(),
                    identity.chain().toArray(X509Certificate[]::new));
            contexts.setKeyStore(store);
            if (tls.clients() != null) {
                contexts.setTrustStore(trusting(tls.clients().ca()));
                contexts.setWantClientAuth(true);
                contexts.setNeedClientAuth(tls.clients().required());
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key that was read cannot be kept", e);
        }
        contexts.setKeyStorePassword(password);
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return contexts;
    }

    private static KeyStore trusting(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            trust.setCertificateEntry("client-ca-" + i, authorities.get(i));
        }
        return trust;
    }

    /** HTTP/1.1 on a loop. */
    private static final class LoopConnections extends HttpConnectionFactory {

        LoopConnections(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new LoopConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }

    /** TLS, whose handshake is {@link TlsHandshake}. */
    private static final class TlsConnections extends SslConnectionFactory {

        TlsConnections(SslContextFactory.Server contexts) {
            super(contexts, TlsHandshake.Factory.PROTOCOL);
            setEnsureSecureRequestCustomizer(false); // the connection tells whether it is secure
        }

        @Override
        protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
            return new TlsConnection(connector, getSslContextFactory(), endPoint, engine);
        }
    }
}
