package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The TLS listener, beside the plain one on the same addresses; the file's {@code proxy.tls}. Immutable.
 *
 * @param port 0..65535; 0 takes a free one
 * @param clients whose certificates clients are asked for; null for none
 * @param identity read from the files that {@code certificate} and {@code key}, or {@code keystore}, name
 */
public record TlsConfig(int port, @Nullable ClientCertificatesConfig clients, TlsIdentity identity) {

    public TlsConfig {
        requireNonNull(identity, "identity");
    }

    static final Keys KEYS = Keys.of("port", "certificate", "key", "keystore", "password", "clientCertificates")
            .with("clientCertificates", ClientCertificatesConfig.KEYS);

    private static final String EXPECTED = TlsIdentity.PEM + ", or \"keystore\": \"store.p12\"";

    /** Empty where what is wrong was reported further down. */
    static Optional<TlsConfig> read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        Integer port = in.require("port", "a port, such as 8443", Listeners::readPort);
        Optional<ClientCertificatesConfig> clients =
                in.get("clientCertificates", Optional.empty(), ClientCertificatesConfig::read);
        TlsIdentity identity = readIdentity(in);
        return port == null || identity == null
                ? Optional.empty()
                : Optional.of(new TlsConfig(port, clients.orElse(null), identity));
    }

    private static @Nullable TlsIdentity readIdentity(Members in) throws InvalidValueException {
        boolean pem = in.has("certificate") || in.has("key");
        if (pem && in.has("keystore")) {
            throw new InvalidValueException("names a certificate in two ways", EXPECTED);
        }
        if (!pem && !in.has("keystore")) {
            throw new InvalidValueException("names no certificate", EXPECTED);
        }
        if (pem && in.has("password")) {
            in.at().keyError("password", "\"password\" is for a \"keystore\" (expected: none beside \"key\")");
        }
        return pem ? TlsIdentity.readPem(in) : TlsIdentity.readKeystore(in);
    }
}
