package dev.portway.transport;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts a server whose public key has one of some hashes (as RFC 7469 writes them). Immutable. */
final class PinnedTrust extends X509ExtendedTrustManager {

    private static final X509Certificate[] NONE = {};

    private final List<String> pins;
    private final @Nullable X509ExtendedTrustManager signed;

    /**
     * @param pins {@code sha256/BASE64}
     * @param signed has to trust the certificate too; null where the key alone decides
     */
    PinnedTrust(List<String> pins, @Nullable X509ExtendedTrustManager signed) {
        this.pins = pins;
        this.signed = signed;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (signed != null) {
            signed.checkServerTrusted(chain, authType, engine);
        }
        checkPinned(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (signed != null) {
            signed.checkServerTrusted(chain, authType, socket);
        }
        checkPinned(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (signed != null) {
            signed.checkServerTrusted(chain, authType);
        }
        checkPinned(chain);
    }

    private void checkPinned(X509Certificate[] chain) throws CertificateException {
        String pin = pinOf(chain[0]);
        if (!pins.contains(pin)) {
            throw new CertificateException("its key is " + pin + ", which is not pinned");
        }
    }

    /** {@code sha256/} and the hash of the SubjectPublicKeyInfo. */
    static String pinOf(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return "sha256/" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("it is for servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("it is for servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("it is for servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NONE;
    }
}
