package dev.portway.config;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What clients are asked to prove who they are with (RFC 8446, section 4.3.2); {@code proxy.tls.clientCertificates}. Immutable.
 *
 * @param ca whose signature a certificate must have
 * @param required whether nobody gets a connection without one
 */
public record ClientCertificatesConfig(List<X509Certificate> ca, boolean required) {

    public ClientCertificatesConfig {
        ca = List.copyOf(ca);
    }

    static final Keys KEYS = Keys.of("ca", "required");

    /** Empty where what is wrong was reported further down. */
    static Optional<ClientCertificatesConfig> read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        List<X509Certificate> ca = in.require("ca", "a file of certificates in PEM", PemFile::certificates);
        boolean required = in.get("required", false, Cursor::bool);
        return ca == null ? Optional.empty() : Optional.of(new ClientCertificatesConfig(ca, required));
    }

    /** Whether the file that {@code at} stands in asks clients for certificates. */
    static boolean areAskedFor(Cursor at) {
        Cursor root = at;
        for (Cursor parent = at.parent(); parent != null; parent = parent.parent()) {
            root = parent;
        }
        return root.node().at("/proxy/tls/clientCertificates").isObject();
    }
}
