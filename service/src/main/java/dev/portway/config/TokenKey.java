package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * What the signature of a token (RFC 7515) is checked with. The kind of key decides what algorithms are taken, never the
 * token: so an RSA key is never the secret of an HMAC. Immutable.
 *
 * @param id named by tokens as {@code kid}; null where it has none
 * @param key public, or a secret
 * @param algorithms that are taken with it
 */
public record TokenKey(@Nullable String id, Key key, List<String> algorithms) {

    /** As short as a secret may be: what SHA-256 gives (RFC 7518, section 3.2). */
    static final int MIN_SECRET_BYTES = 32;

    private static final List<String> RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final List<String> HMAC = List.of("HS256", "HS384", "HS512");
    private static final List<String> PEM_ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final String EXPECTED =
            "public keys in PEM, -----BEGIN PUBLIC KEY-----, certificates, or a set of JSON Web Keys";

    public TokenKey {
        requireNonNull(key, "key");
        algorithms = List.copyOf(algorithms);
    }

    /** Says nothing of the key. */
    @Override
    public String toString() {
        return "TokenKey[" + id + ", " + algorithms + "]";
    }

    /** The key that {@code secret} is. */
    public static TokenKey of(String secret) {
        SecretKey key = new SecretKeySpec(secret.getBytes(UTF_8), "HMAC");
        return new TokenKey(null, key, algorithms(key, null));
    }

    /**
     * The keys of a file, at least one.
     *
     * @throws InvalidValueException where there are none, or a private key that should not be there
     */
    public static List<TokenKey> parse(byte[] content) throws InvalidValueException {
        String text = new String(content, UTF_8).strip();
        List<TokenKey> keys = text.startsWith("{") ? json(text) : pem(content);
        if (keys.isEmpty()) {
            throw new InvalidValueException("holds no key that signatures are checked with", EXPECTED);
        }
        return keys;
    }

    private static List<TokenKey> json(String text) throws InvalidValueException {
        List<TokenKey> keys = new ArrayList<>();
        try {
            boolean set = JsonUtil.parseJson(text).containsKey("keys");
            List<JsonWebKey> webKeys =
                    set ? new JsonWebKeySet(text).getJsonWebKeys() : List.of(JsonWebKey.Factory.newJwk(text));
            for (JsonWebKey webKey : webKeys) {
                Key key = webKey instanceof PublicJsonWebKey pair ? pair.getPublicKey() : webKey.getKey();
                List<String> algorithms = algorithms(key, webKey.getAlgorithm());
                if (webKey instanceof PublicJsonWebKey pair && pair.getPrivateKey() != null) {
                    throw privateKey();
                }
                if (signs(webKey) && !algorithms.isEmpty()) {
                    keys.add(new TokenKey(webKey.getKeyId(), key, algorithms));
                }
            }
        } catch (JoseException
                | ClassCastException
                | StackOverflowError e) { // what is no list of objects; what is too deep
            throw new InvalidValueException("is not a set of JSON Web Keys", EXPECTED);
        }
        return keys;
    }

    /** Whether a key is meant for signatures, as far as it says (RFC 7517, sections 4.2 and 4.3). */
    private static boolean signs(JsonWebKey key) {
        List<String> operations = key.getKeyOps();
        return (key.getUse() == null || key.getUse().equals("sig"))
                && (operations == null || operations.contains("verify"));
    }

    private static InvalidValueException privateKey() {
        return new InvalidValueException("holds a private key", EXPECTED + ", since tokens are only checked here");
    }

    private static List<TokenKey> pem(byte[] content) throws InvalidValueException {
        List<TokenKey> keys = new ArrayList<>();
        for (PemFile.Block block : PemFile.blocks(content)) {
            if (block.label().endsWith("PRIVATE KEY")) {
                throw privateKey();
            }
            PublicKey key = block.label().equals("CERTIFICATE")
                    ? PemFile.certificate(block).getPublicKey()
                    : publicKey(block);
            List<String> algorithms = key == null ? List.of() : algorithms(key, null);
            if (key != null && !algorithms.isEmpty()) {
                keys.add(new TokenKey(null, key, algorithms));
            }
        }
        return keys;
    }

    private static @Nullable PublicKey publicKey(PemFile.Block block) {
        byte[] content = block.label().equals("PUBLIC KEY") ? block.content() : null;
        PublicKey key = null;
        for (int i = 0; content != null && key == null && i < PEM_ALGORITHMS.size(); i++) {
            key = publicKey(PEM_ALGORITHMS.get(i), content);
        }
        return key;
    }

    /** Null where it is of another kind. */
    private static @Nullable PublicKey publicKey(String algorithm, byte[] content) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(content));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /**
     * What a key may be used for.
     *
     * @param only what it says itself; null where it says nothing
     */
    private static List<String> algorithms(Key key, @Nullable String only) {
        List<String> all = List.of();
        if (key instanceof RSAKey) {
            all = RSA;
        } else if (key instanceof EdECKey) {
            all = List.of("EdDSA");
        } else if (key instanceof ECKey curve) {
            all = switch (curve.getParams().getOrder().bitLength()) {
                case 256 -> List.of("ES256");
                case 384 -> List.of("ES384");
                case 521 -> List.of("ES512");
                default -> List.of();
            };
        } else if (key instanceof SecretKey secret && secret.getEncoded().length >= MIN_SECRET_BYTES) {
            int length = secret.getEncoded().length;
            all = HMAC.subList(0, length >= 64 ? 3 : length >= 48 ? 2 : 1);
        }
        return only == null ? all : all.contains(only) ? List.of(only) : List.of();
    }
}
