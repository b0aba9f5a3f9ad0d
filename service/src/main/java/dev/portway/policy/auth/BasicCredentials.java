package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A name and a password as {@code Authorization} and {@code Proxy-Authorization} have them (RFC 7617). Immutable. */
public record BasicCredentials(String user, String password) {

    private static final String SCHEME = "Basic ";

    public BasicCredentials {
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /** Those that a field of this value has; null where there are none, or none that can be read. */
    public static @Nullable BasicCredentials of(@Nullable String field) {
        if (field == null || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(field.substring(SCHEME.length()).strip()), UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : new BasicCredentials(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user;
    }
}
