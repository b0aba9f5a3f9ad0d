package dev.portway.policy.auth;

import dev.portway.config.CertificateConfig;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;

/** The certificate that the client has proven to own when the connection was made. Immutable. */
final class CertificateAuthenticator implements Authenticator {

    private final List<X500Principal> subjects;

    CertificateAuthenticator(CertificateConfig rule) {
        this.subjects = rule.subjects();
    }

    @Override
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        X500Principal subject =
                subject(exchange.getConnectionMetaData().getConnection().getEndPoint());
        if (subject == null) {
            verdict.accept(new Verdict.Wrong("the client showed no certificate"));
        } else if (subjects.isEmpty() || subjects.contains(subject)) {
            verdict.accept(new Verdict.Accepted(new Identity(subject.getName(), "clientCertificate")));
        } else {
            verdict.accept(new Verdict.Wrong("the client's certificate is for somebody else"));
        }
    }

    /** Of the certificate that the listener has found to be good; null where there is none. */
    private static @Nullable X500Principal subject(EndPoint endPoint) {
        if (!(endPoint instanceof SslConnection.SslEndPoint secure)) {
            return null;
        }
        try {
            // Not what Jetty keeps of the session, which may be from before the handshake.
            return ((X509Certificate) secure.getSslConnection()
                            .getSSLEngine()
                            .getSession()
                            .getPeerCertificates()[0])
                    .getSubjectX500Principal();
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    @Override
    public @Nullable String scheme() {
        return null;
    }
}
