package dev.portway.policy.auth;

import dev.portway.config.JwtConfig;
import dev.portway.config.TokenKey;
import dev.portway.exchange.Identity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Checks a token (RFC 7519) as RFC 8725 wants it: by the keys that are configured and the algorithms those are for; what the
 * token says of keys elsewhere ({@code jku}, {@code jwk}, {@code x5u}) is not looked at. Immutable.
 */
final class TokenCheck {

    private static final int MAX_TRIED = 8;

    private final JwtConfig rule;

    TokenCheck(JwtConfig rule) {
        this.rule = rule;
    }

    /** What a token proves under these keys. */
    Result check(String token, List<TokenKey> keys) {
        String id;
        String algorithm;
        try {
            if (!(JsonWebStructure.fromCompactSerialization(token) instanceof JsonWebSignature signature)) {
                return Result.wrong("the token is not signed");
            }
            id = signature.getKeyIdHeaderValue();
            algorithm = signature.getAlgorithmHeaderValue();
        } catch (JoseException e) {
            return Result.wrong("the token cannot be read");
        }
        List<TokenKey> named = new ArrayList<>();
        for (TokenKey key : keys) {
            if (id == null || key.id() == null || key.id().equals(id)) {
                named.add(key);
            }
        }
        if (named.isEmpty()) {
            return Result.UNKNOWN_KEY;
        }
        named.removeIf(key -> !key.algorithms().contains(algorithm));
        for (TokenKey key : named.subList(0, Math.min(MAX_TRIED, named.size()))) {
            Result result = check(token, key);
            if (result != null) {
                return result;
            }
        }
        return named.isEmpty()
                ? Result.wrong("the token's algorithm is not one that its key is for")
                : Result.wrong("the token's signature is wrong");
    }

    /** Null where it is not signed with this key. */
    private @Nullable Result check(String token, TokenKey key) {
        JwtConsumerBuilder consumer = new JwtConsumerBuilder()
                .setVerificationKey(key.key())
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, key.algorithms().toArray(String[]::new)))
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds((int) rule.leeway().toSeconds());
        if (rule.issuer() != null) {
            consumer.setExpectedIssuer(rule.issuer());
        }
        if (!rule.audience().isEmpty()) {
            consumer.setExpectedAudience(rule.audience().toArray(String[]::new));
        }
        try {
            JwtClaims claims = consumer.build().processToClaims(token);
            Identity identity = identity(claims.getClaimsMap());
            for (Map.Entry<String, List<String>> required : rule.claims().entrySet()) {
                if (!has(claims.getClaimValue(required.getKey()), required.getValue(), required.getKey())) {
                    return Result.wrong("the token's claim " + required.getKey() + " is not what the route wants");
                }
            }
            return new Result(identity, claims.getExpirationTime().getValueInMillis(), null);
        } catch (InvalidJwtSignatureException otherKey) {
            return null;
        } catch (InvalidJwtException e) {
            return Result.wrong(cause(e));
        } catch (MalformedClaimException e) {
            return Result.wrong("the token's claims cannot be read");
        }
    }

    private Identity identity(Map<String, Object> claims) {
        String name = new Identity("", "jwt", claims).claim(rule.name());
        return new Identity(name == null ? "" : name, "jwt", claims);
    }

    /** Whether a claim has one of the values: itself, an item of a list, or, of a scope (RFC 8693, section 4.2), a word. */
    private static boolean has(@Nullable Object claim, List<String> values, String name) {
        if (claim == null) {
            return false;
        }
        if (values.contains("*")) {
            return true;
        }
        if (claim instanceof List<?> list) {
            return list.stream().anyMatch(item -> has(item, values, ""));
        }
        String text = String.valueOf(claim);
        return values.contains(text)
                || (name.equals("scope") && Arrays.stream(text.split(" ", -1)).anyMatch(values::contains));
    }

    /** In words of its own: those of the library hold what the token says. */
    private static String cause(InvalidJwtException e) {
        if (e.hasExpired()) {
            return "the token has expired";
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return "the token is not valid yet";
        }
        if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
            return "the token never expires";
        }
        if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID) || e.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return "the token is from another issuer";
        }
        if (e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "the token is for another audience";
        }
        return "the token is not valid";
    }

    /**
     * What came of it.
     *
     * @param identity null where the token proves nothing
     * @param expires when it ceases to, in milliseconds since 1970
     * @param cause why it proves nothing; null where it proves something, or the key is unknown
     */
    record Result(
            @Nullable Identity identity,
            long expires,
            @Nullable String cause) {

        static final Result UNKNOWN_KEY = new Result(null, 0, null);

        /** Whether it is signed with a key that is not among those it was checked with. */
        boolean unknownKey() {
            return identity == null && cause == null;
        }

        static Result wrong(String cause) {
            return new Result(null, 0, cause);
        }
    }
}
