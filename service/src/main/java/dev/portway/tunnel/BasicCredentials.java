package dev.portway.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** A name and a password as {@code Proxy-Authorization} has them (RFC 7617). Immutable. */
record BasicCredentials(String user, String password) {

    private static final String SCHEME = "Basic ";

    BasicCredentials {
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /** Null where there are none, or none that can be read. */
    static @Nullable BasicCredentials of(HttpFields headers) {
        String field = headers.get(HttpHeader.PROXY_AUTHORIZATION);
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
