package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a TLS connection proves its name with. Immutable.
 *
 * @param key of the first certificate
 * @param chain that certificate, then those that vouch for it
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {

    public TlsIdentity {
        requireNonNull(key, "key");
        chain = List.copyOf(chain);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
    }

    static final String PEM = "\"certificate\": \"cert.pem\" and \"key\": \"key.pem\"";

    private static final int MAX_KEYSTORE = 1024 * 1024;
    private static final String KEYSTORE = "a PKCS #12 keystore, such as store.p12";

    /** Reads the members {@code certificate} and {@code key}, both files in PEM; null, and reported, where they are no good. */
    static @Nullable TlsIdentity readPem(Members in) {
        List<X509Certificate> chain = in.require("certificate", PEM, PemFile::certificates);
        PrivateKey key = in.require("key", PEM, PemFile::privateKey);
        if (chain == null || key == null) {
            return null;
        }
        if (!fits(key, chain.get(0))) {
            boolean other = chain.stream().anyMatch(certificate -> fits(key, certificate));
            String expected = other
                    ? "the certificate of this key first in the file of the certificate, and those that vouch for it after it"
                    : "the key that the certificate was made for";
            Cursor at = in.at().member("key");
            at.error(at.shown() + " is not the key of the certificate (expected: " + expected + ")");
            return null;
        }
        warnOfTime(in.at().member("certificate"), chain.get(0));
        return new TlsIdentity(key, chain);
    }

    /** Reads the members {@code keystore}, a file, and {@code password}; null, and reported, where they are no good. */
    static @Nullable TlsIdentity readKeystore(Members in) {
        String password = in.get("password", TlsIdentity::readPassword);
        return in.get("keystore", at -> {
            byte[] content = FilePath.content(at, MAX_KEYSTORE, "keystore", KEYSTORE);
            char[] characters = password == null ? new char[0] : password.toCharArray();
            try {
                KeyStore keys = KeyStore.getInstance("PKCS12");
                keys.load(new ByteArrayInputStream(content), characters);
                TlsIdentity identity = only(keys, characters);
                warnOfTime(at, identity.chain.get(0));
                return identity;
            } catch (IOException e) {
                if (e.getCause() instanceof UnrecoverableKeyException) {
                    throw new InvalidValueException("does not open with this password", "its own in \"password\"");
                }
                throw new InvalidValueException("is not a keystore", KEYSTORE);
            } catch (GeneralSecurityException e) {
                throw new InvalidValueException("cannot be used as a keystore", KEYSTORE);
            }
        });
    }

    private static String readPassword(Cursor at) throws InvalidValueException {
        String expected = "\"${NAME}\"";
        String password = at.text("a password", expected);
        if (!Placeholders.anyIn(at.written())) {
            at.warning("a secret stands in the file itself (better: " + expected + ")");
        }
        return password;
    }

    private static TlsIdentity only(KeyStore keys, char[] password)
            throws GeneralSecurityException, InvalidValueException {
        TlsIdentity only = null;
        for (String alias : Collections.list(keys.aliases())) {
            Key key = keys.isKeyEntry(alias) ? keys.getKey(alias, password) : null;
            Certificate[] chain = keys.getCertificateChain(alias);
            if (key instanceof PrivateKey own && chain != null && chain.length > 0) {
                if (only != null) {
                    throw new InvalidValueException(
                            "holds several keys", "a keystore with one key and its certificate");
                }
                only = new TlsIdentity(
                        own,
                        Arrays.stream(chain).map(X509Certificate.class::cast).toList());
            }
        }
        if (only == null) {
            throw new InvalidValueException("holds no key", "a keystore with one key and its certificate");
        }
        return only;
    }

    private static void warnOfTime(Cursor at, X509Certificate certificate) {
        Instant now = Instant.now();
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            at.warning(at.shown() + " expired on " + end + ": clients will refuse it");
        } else if (begin.isAfter(now)) {
            at.warning(at.shown() + " is valid only from " + begin + " on: clients will refuse it until then");
        }
    }

    /** Whether what {@code key} signs is what {@code certificate} vouches for. */
    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] sample = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // another kind of key
        }
    }
}
