package dev.portway.policy.auth;

import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jspecify.annotations.Nullable;

/** Makes signed tokens and the keys that confirm them. */
final class Tokens {

    private Tokens() {}

    /** Of ada, for ten minutes. */
    static JwtClaims claims() {
        JwtClaims claims = new JwtClaims();
        claims.setSubject("ada");
        claims.setExpirationTime(after(600));
        return claims;
    }

    static NumericDate after(int seconds) {
        return NumericDate.fromSeconds(NumericDate.now().getValue() + seconds);
    }

    static String token(Key key, String algorithm, @Nullable String id, JwtClaims claims) throws Exception {
        JsonWebSignature signature = signature(key, algorithm, claims);
        if (id != null) {
            signature.setKeyIdHeaderValue(id);
        }
        return signature.getCompactSerialization();
    }

    static JsonWebSignature signature(Key key, String algorithm, JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key);
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setDoKeyValidation(false);
        return signature;
    }

    static String keySet(Map<String, KeyPair> pairs) {
        Stream<JsonWebKey> keys = pairs.entrySet().stream().map(pair -> {
            try {
                JsonWebKey key = JsonWebKey.Factory.newJwk(pair.getValue().getPublic());
                key.setKeyId(pair.getKey());
                return key;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        return new JsonWebKeySet(keys.toList()).toJson();
    }

    static String pem(KeyPair pair) {
        String base64 = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    }

    /** @param kind {@code RSA}, {@code Ed25519}, or the name of a curve */
    static KeyPair pair(String kind) {
        try {
            boolean curve = kind.startsWith("secp");
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve ? "EC" : kind);
            if (kind.equals("RSA")) {
                generator.initialize(2048);
            } else if (curve) {
                generator.initialize(new ECGenParameterSpec(kind));
            }
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
