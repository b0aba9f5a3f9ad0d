package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens (RFC 7519); {@code jwt} of an {@code auth} rule. Keys come from one of three places. Immutable.
 *
 * @param jwks where the issuer shows its keys; null where they are not fetched
 * @param keys a file of public keys; null for none
 * @param secret that issuer and proxy share; null for none
 * @param issuer that tokens must be from; null for any that has the key
 * @param audience of which a token must name one; empty where tokens must not name any
 * @param claims that a token must have, with one of these values; {@code *} for any
 * @param leeway between the clocks of issuer and proxy
 * @param name of the claim that says who it is
 */
public record JwtConfig(
        @Nullable URI jwks,
        @Nullable Path keys,
        @Nullable String secret,
        @Nullable String issuer,
        List<String> audience,
        Map<String, List<String>> claims,
        Duration leeway,
        String name) {

    public JwtConfig {
        audience = List.copyOf(audience);
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        requireNonNull(leeway, "leeway");
        requireNonNull(name, "name");
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "JwtConfig" + json();
    }

    static final Keys KEYS = Keys.of("jwks", "keys", "secret", "issuer", "audience", "claims", "leeway", "name")
            .with("claims", Keys.ANY);

    private static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);
    private static final Duration MAX_LEEWAY = Duration.ofMinutes(10);
    private static final int MAX_KEYS = 512 * 1024;
    private static final String PLACES = "one of jwks, keys and secret";
    private static final String EXPECTED_KEYS = "a file of public keys in PEM, or of JSON Web Keys";
    private static final String EXPECTED_TEXT = "a text that is not empty";
    private static final String EXPECTED_CLAIMS = "{ \"CLAIM\": \"VALUE\" }, a list of values, or \"*\" for any";

    static JwtConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        long places = List.of("jwks", "keys", "secret").stream().filter(in::has).count();
        if (places != 1) {
            throw new InvalidValueException(places == 0 ? "names no keys" : "names keys in several places", PLACES);
        }
        return new JwtConfig(
                in.get("jwks", ServiceUrl::read),
                in.get("keys", JwtConfig::readKeys),
                in.get("secret", JwtConfig::readSecret),
                in.get("issuer", JwtConfig::readText),
                in.get("audience", List.of(), JwtConfig::readTexts),
                in.get("claims", Map.of(), JwtConfig::readClaims),
                in.get("leeway", DEFAULT_LEEWAY, JwtConfig::readLeeway),
                in.get("name", "sub", JwtConfig::readText));
    }

    private static Path readKeys(Cursor at) throws InvalidValueException {
        TokenKey.parse(FilePath.content(at, MAX_KEYS, "set of keys", EXPECTED_KEYS));
        return FilePath.read(at, EXPECTED_KEYS);
    }

    private static String readSecret(Cursor at) throws InvalidValueException {
        String expected = "\"${NAME}\", at least " + TokenKey.MIN_SECRET_BYTES + " bytes";
        String secret = at.text("a secret", expected);
        if (secret.getBytes(UTF_8).length < TokenKey.MIN_SECRET_BYTES) {
            throw new InvalidValueException("is too short for a secret", expected);
        }
        if (!Placeholders.anyIn(at.written())) {
            at.warning("a secret stands in the file itself (better: \"${NAME}\")");
        }
        return secret;
    }

    private static String readText(Cursor at) throws InvalidValueException {
        String text = at.text("a text", EXPECTED_TEXT);
        if (text.isBlank()) {
            throw new InvalidValueException("is empty", EXPECTED_TEXT);
        }
        return text;
    }

    private static List<String> readTexts(Cursor at) throws InvalidValueException {
        return at.node().isArray() ? at.filledList(JwtConfig::readText, "one text at least") : List.of(readText(at));
    }

    private static Map<String, List<String>> readClaims(Cursor at) throws InvalidValueException {
        Map<String, List<String>> claims = new LinkedHashMap<>();
        for (Cursor claim : at.each(EXPECTED_CLAIMS)) {
            List<String> values = claim.read(JwtConfig::readTexts);
            if (values != null) {
                claims.put(claim.key(), List.copyOf(values));
            }
        }
        return claims;
    }

    private static Duration readLeeway(Cursor at) throws InvalidValueException {
        Duration leeway = WrittenDuration.orNone(at);
        if (leeway.compareTo(MAX_LEEWAY) > 0) {
            throw new InvalidValueException("is out of range", "\"none\", or up to 10m");
        }
        return leeway;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("jwks", jwks == null ? null : jwks.toString());
        json.put("keys", keys == null ? null : keys.toString());
        json.put("issuer", issuer);
        audience.forEach(json.putArray("audience")::add);
        ObjectNode required = json.putObject("claims");
        claims.forEach((claim, values) -> {
            ArrayNode list = required.putArray(claim);
            values.forEach(list::add);
        });
        json.put("leeway", leeway.toMillis() + "ms");
        json.put("name", name);
        return json;
    }
}
