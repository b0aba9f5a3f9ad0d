package dev.portway.config;

import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a TLS backend is known, and how the proxy makes itself known to it; {@code tls} of a route or a target. Immutable.
 *
 * @param ca whose signature its certificate must have, instead of those the system trusts; empty for the system's
 * @param pin {@code sha256/BASE64} of the SubjectPublicKeyInfo its certificate may have; empty for any. Without
 *     {@code ca} the key alone decides, whoever signed it and whatever name it is for
 * @param insecure whether any certificate is taken
 * @param serverName asked for by SNI and looked for in the certificate, instead of the target's host
 * @param identity the proxy's own; null for none
 */
public record BackendTlsConfig(
        List<X509Certificate> ca,
        List<String> pin,
        boolean insecure,
        @Nullable String serverName,
        @Nullable TlsIdentity identity) {

    private static final String PIN_PREFIX = "sha256/";
    private static final int SHA256_BYTES = 32;
    private static final String EXPECTED_PIN = "\"sha256/\" and 44 characters of Base64, the hash of its public key";
    private static final String EXPECTED_NAME = "a name such as \"api.example\", or an address";

    public BackendTlsConfig {
        ca = List.copyOf(ca);
        pin = List.copyOf(pin);
    }

    static final Keys KEYS = Keys.of("ca", "pin", "insecure", "serverName", "certificate", "key");

    static BackendTlsConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        BackendTlsConfig tls = new BackendTlsConfig(
                in.get("ca", List.of(), PemFile::certificates),
                in.get("pin", List.of(), BackendTlsConfig::readPins),
                in.get("insecure", false, Cursor::bool),
                in.get("serverName", name -> HostName.name(name.text("a server's name", EXPECTED_NAME), EXPECTED_NAME)),
                in.has("certificate") || in.has("key") ? TlsIdentity.readPem(in) : null);
        if (tls.insecure && (in.has("ca") || in.has("pin"))) {
            at.keyError(
                    "insecure",
                    "\"insecure\" takes any certificate, beside \"ca\" or \"pin\" (expected: one or the other)");
        }
        return tls;
    }

    private static List<String> readPins(Cursor at) throws InvalidValueException {
        return at.node().isArray() ? at.filledList(BackendTlsConfig::readPin, EXPECTED_PIN) : List.of(readPin(at));
    }

    private static String readPin(Cursor at) throws InvalidValueException {
        String pin = at.text("a pin", EXPECTED_PIN);
        if (!pin.startsWith(PIN_PREFIX) || !isHash(pin.substring(PIN_PREFIX.length()))) {
            throw new InvalidValueException("is not a pin", EXPECTED_PIN);
        }
        return pin;
    }

    private static boolean isHash(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length == SHA256_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
