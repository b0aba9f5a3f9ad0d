package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a route: whoever one of these ways accepts; the {@code auth} of a route or of {@code security}. Immutable.
 *
 * @param realm what clients are told they ask to be let into
 * @param basic an htpasswd file of names and passwords; null for none
 * @param apiKey keys that programs send; null for none
 * @param jwt signed tokens; null for none
 * @param certificate whose certificates let in; null for none
 * @param forward another service that says who may pass; null for none
 * @param paths prefixes, normalised, of paths that it is asked for, however a backend may read them; empty for all
 * @param identity by the name of a header, what the backend is told in it; no client may send such a one
 * @param passCredentials whether the backend gets what the client proved itself with
 */
public record AuthConfig(
        String realm,
        @Nullable Path basic,
        @Nullable ApiKeyConfig apiKey,
        @Nullable JwtConfig jwt,
        @Nullable CertificateConfig certificate,
        @Nullable ForwardAuthConfig forward,
        List<String> paths,
        Map<String, IdentityValue> identity,
        boolean passCredentials) {

    public AuthConfig {
        requireNonNull(realm, "realm");
        paths = List.copyOf(paths);
        identity = Collections.unmodifiableMap(new LinkedHashMap<>(identity));
    }

    private static final Keys BASIC_KEYS = Keys.of("file");

    static final Keys KEYS = Keys.of(
                    "realm",
                    "basic",
                    "apiKey",
                    "jwt",
                    "clientCertificate",
                    "forward",
                    "paths",
                    "identity",
                    "passCredentials")
            .with("basic", BASIC_KEYS)
            .with("apiKey", ApiKeyConfig.KEYS)
            .with("jwt", JwtConfig.KEYS)
            .with("clientCertificate", CertificateConfig.KEYS)
            .with("forward", ForwardAuthConfig.KEYS)
            .with("identity", Keys.ANY);

    private static final Map<String, IdentityValue> DEFAULT_IDENTITY = Map.of("X-Auth-User", IdentityValue.NAME);
    private static final String DEFAULT_REALM = "portway";
    private static final List<String> WAYS = List.of("basic", "apiKey", "jwt", "clientCertificate", "forward");
    private static final String EXPECTED_WAYS = "one of " + String.join(", ", WAYS) + "; or false to let everybody in";
    private static final String EXPECTED_PATHS = "a list such as [\"/admin\"]";
    private static final String EXPECTED_IDENTITY = "{ \"X-Auth-User\": \"{auth.name}\" }";

    /** Names that mean something already. */
    private static final Set<String> TAKEN = Set.of("authorization", "cookie", "forwarded", "host", "via");

    /** The rule of a route. */
    static AuthConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        if (WAYS.stream().noneMatch(in::has)) {
            throw new InvalidValueException("names no way to prove who one is", EXPECTED_WAYS);
        }
        return new AuthConfig(
                in.get("realm", DEFAULT_REALM, AuthConfig::readRealm),
                in.get("basic", Optional.<Path>empty(), AuthConfig::readBasic).orElse(null),
                in.get("apiKey", ApiKeyConfig::read),
                in.get("jwt", JwtConfig::read),
                in.get("clientCertificate", CertificateConfig::read),
                in.get("forward", Optional.<ForwardAuthConfig>empty(), ForwardAuthConfig::read)
                        .orElse(null),
                in.get("paths", List.of(), paths -> paths.filledList(PathPrefix::read, EXPECTED_PATHS)),
                in.get("identity", DEFAULT_IDENTITY, AuthConfig::readIdentity),
                in.get("passCredentials", false, Cursor::bool));
    }

    /** A rule that asks for the passwords of an htpasswd file, and tells nobody whose they are. */
    static AuthConfig passwords(Path file) {
        return new AuthConfig(DEFAULT_REALM, file, null, null, null, null, List.of(), Map.of(), false);
    }

    /** An empty rule of {@code security}: none, which is seldom what is wanted where there is an {@code auth} at all. */
    static @Nullable AuthConfig askingNobody(Cursor at) {
        at.warning("asks nobody who it is: everybody is let in (expected: " + EXPECTED_WAYS + ")");
        return null;
    }

    private static String readRealm(Cursor at) throws InvalidValueException {
        String expected = "visible ASCII characters and spaces, without quotes and backslashes";
        String realm = at.text("a realm", expected);
        if (realm.isBlank() || !realm.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '"' && c != '\\')) {
            throw new InvalidValueException("is not a realm", expected);
        }
        return realm;
    }

    private static Optional<Path> readBasic(Cursor at) throws InvalidValueException {
        String expected = "an htpasswd file, relative to the configuration's folder";
        return Optional.ofNullable(
                at.members(BASIC_KEYS).require("file", expected, file -> FilePath.readable(file, expected)));
    }

    private static Map<String, IdentityValue> readIdentity(Cursor at) throws InvalidValueException {
        Map<String, IdentityValue> identity = new LinkedHashMap<>();
        List<String> seen = new ArrayList<>();
        for (Cursor header : at.each(EXPECTED_IDENTITY)) {
            String name = header.key();
            String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
            if (!isForIdentity(name)) {
                at.keyError(name, "\"" + name + "\" is not a header for who asks (expected: such as \"X-Auth-User\")");
            }
            if (seen.contains(lower)) {
                at.keyError(name, "\"" + name + "\" is written twice, in another form (expected: once)");
            }
            seen.add(lower);
            IdentityValue value = header.read(IdentityValue::read);
            if (value != null) {
                identity.put(name, value);
            }
        }
        return identity;
    }

    /** Whether a backend can be told in a header of this name who asks. */
    static boolean isForIdentity(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return Token.is(name)
                && !HeaderFields.ofTheMessage(name)
                && !TAKEN.contains(lower)
                && !lower.startsWith("x-forwarded-");
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("realm", realm);
        if (basic != null) {
            json.putObject("basic").put("file", basic.toString());
        }
        if (apiKey != null) {
            json.set("apiKey", apiKey.json());
        }
        if (jwt != null) {
            json.set("jwt", jwt.json());
        }
        if (certificate != null) {
            json.set("clientCertificate", certificate.json());
        }
        if (forward != null) {
            json.set("forward", forward.json());
        }
        paths.forEach(json.putArray("paths")::add);
        ObjectNode headers = json.putObject("identity");
        identity.forEach((name, value) -> headers.put(name, value.toString()));
        json.put("passCredentials", passCredentials);
        return json;
    }
}
