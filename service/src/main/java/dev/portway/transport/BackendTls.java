package dev.portway.transport;

import com.google.common.net.InetAddresses;
import dev.portway.config.BackendTlsConfig;
import dev.portway.config.TlsIdentity;
import dev.portway.upstream.Backend;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS to backends by one set of settings. What it needs is read when it is first used, or by {@link #load}: the system's
 * hundred-odd certificates most proxies on a developer's machine never ask for, and reading them takes a good part of the
 * time to start. Thread-safe.
 */
final class BackendTls extends SslContextFactory.Client implements SslClientConnectionFactory.SslEngineFactory {

    /** Of a store that is in memory alone. */
    private static final String PASSWORD = "memory";

    private final @Nullable BackendTlsConfig config;
    private boolean loaded; // guarded by this

    /** @param config null for the system's trust */
    BackendTls(@Nullable BackendTlsConfig config) {
        this.config = config;
        setEndpointIdentificationAlgorithm(checksName(config) ? "HTTPS" : null);
        if (config != null) {
            setTrustAll(config.insecure());
            if (!config.ca().isEmpty()) {
                setTrustStore(trusting(config.ca()));
            } else if (!checksName(config)) {
                setTrustStore(trusting(List.of())); // without one Jetty asks for no trust but the system's
            }
            if (config.identity() != null) {
                setKeyStore(holding(config.identity()));
                setKeyStorePassword(PASSWORD);
            }
        }
    }

    /** A key that is pinned is known by itself, unless an authority is named beside it. */
    private static boolean checksName(@Nullable BackendTlsConfig config) {
        return config == null
                || (!config.insecure()
                        && (config.pin().isEmpty() || !config.ca().isEmpty()));
    }

    private static KeyStore trusting(List<X509Certificate> certificates) {
        return store(store -> {
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca-" + i, certificates.get(i));
            }
        });
    }

    private static KeyStore holding(TlsIdentity identity) {
        Certificate[] chain = identity.chain().toArray(Certificate[]::new);
        return store(store -> store.setKeyEntry("proxy", identity.key(), PASSWORD.toCharArray(), chain));
    }

    private interface Filling {
        void fill(KeyStore store) throws Exception;
    }

    private static KeyStore store(Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            return store;
        } catch (Exception e) {
            throw new IllegalStateException("a key store in memory could not be filled", e);
        }
    }

    @Override
    protected void doStart() {
        // See the class comment.
    }

    /** What is unusual here was asked for, and is logged with the names of the backends. */
    @Override
    protected void checkTrustAll() {}

    @Override
    protected void checkEndPointIdentificationAlgorithm() {}

    @Override
    protected TrustManager[] getTrustManagers(KeyStore trustStore, Collection<? extends CRL> crls) throws Exception {
        if (config == null || (config.pin().isEmpty() && !config.insecure())) {
            return super.getTrustManagers(trustStore, crls);
        }
        if (config.insecure()) {
            return TRUST_ALL_CERTS;
        }
        X509ExtendedTrustManager signed =
                config.ca().isEmpty() ? null : (X509ExtendedTrustManager) super.getTrustManagers(trustStore, crls)[0];
        return new TrustManager[] {new PinnedTrust(config.pin(), signed)};
    }

    /** Reads what it needs, unless it has. */
    synchronized void load() {
        if (!loaded) {
            try {
                super.doStart();
            } catch (Exception e) {
                throw new IllegalStateException("the certificates to trust could not be taken up", e);
            }
            loaded = true;
        }
    }

    @Override
    public SSLEngine newSslEngine(String address, int port, Map<String, Object> context) {
        load();
        Backend backend = BackendDestination.backendOf(context);
        String name = config == null ? null : config.serverName();
        SSLEngine engine = newSSLEngine(name == null ? backend.identity().host() : name, port);
        if (name != null && isName(name)) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    /** What is no address (RFC 6066, section 3). */
    private static boolean isName(String host) {
        return !InetAddresses.isInetAddress(host);
    }
}
