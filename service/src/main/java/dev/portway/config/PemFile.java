package dev.portway.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys as text (RFC 7468). The older forms of keys are not read but named, with what converts them. */
final class PemFile {

    private static final int MAX_BYTES = 1024 * 1024;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String CERTIFICATES = "certificates in PEM, -----BEGIN CERTIFICATE-----";
    private static final String KEY = "a private key in PEM, -----BEGIN PRIVATE KEY-----";
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private PemFile() {}

    /** Every certificate of the file that stands here, at least one, in its order. */
    static List<X509Certificate> certificates(Cursor at) throws InvalidValueException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(FilePath.content(at, MAX_BYTES, "certificate", CERTIFICATES))) {
            if (block.label.equals("CERTIFICATE")) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new InvalidValueException("holds no certificate", CERTIFICATES);
        }
        return certificates;
    }

    /** The one private key of the file that stands here. */
    static PrivateKey privateKey(Cursor at) throws InvalidValueException {
        Block found = null;
        for (Block block : blocks(FilePath.content(at, MAX_BYTES, "key", KEY))) {
            if (block.label.endsWith("PRIVATE KEY")) {
                if (found != null) {
                    throw new InvalidValueException("holds several keys", KEY + ", one");
                }
                found = block;
            }
        }
        if (found == null) {
            throw new InvalidValueException("holds no private key", KEY);
        }
        return switch (found.label) {
            case "PRIVATE KEY" -> privateKey(found);
            case "ENCRYPTED PRIVATE KEY" ->
                throw new InvalidValueException(
                        "holds a key that needs a password",
                        "a key without one, as of openssl pkey -in OLD -out NEW, or both in a \"keystore\" with a"
                                + " \"password\"");
            default ->
                throw new InvalidValueException(
                        "holds a key in an older form, " + found.label,
                        KEY + ", as of openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        };
    }

    static X509Certificate certificate(Block block) throws InvalidValueException {
        byte[] content = block.content();
        if (content != null) {
            try {
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
            } catch (CertificateException e) {
                throw new InvalidValueException("holds a damaged certificate", CERTIFICATES);
            }
        }
        throw new InvalidValueException("holds a damaged certificate", CERTIFICATES);
    }

    private static PrivateKey privateKey(Block block) throws InvalidValueException {
        byte[] content = block.content();
        if (content != null) {
            for (String algorithm : KEY_ALGORITHMS) {
                PrivateKey key = privateKey(algorithm, content);
                if (key != null) {
                    return key;
                }
            }
        }
        throw new InvalidValueException(
                "holds a damaged key, or one of an unknown kind", "a key for RSA, EC or Ed25519");
    }

    /** Null where it is of another kind. */
    private static @Nullable PrivateKey privateKey(String algorithm, byte[] content) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** Whatever stands between the lines of {@code content} that begin and end something. */
    static List<Block> blocks(byte[] content) {
        String text = new String(content, ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            if (labelEnd < 0) {
                return blocks;
            }
            String label = text.substring(begin + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                return blocks;
            }
            blocks.add(new Block(label, text.substring(labelEnd + DASHES.length(), end)));
            begin = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    /** One of them. */
    record Block(String label, String base64) {

        byte @Nullable [] content() {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
