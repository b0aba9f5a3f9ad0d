package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.IdentityValue;
import dev.portway.exchange.Identity;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The headers in which a backend is told who asks. What cannot stand in a header is not told, rather than told as something
 * else. Immutable.
 */
final class IdentityFields {

    private final Map<String, IdentityValue> values;

    IdentityFields(Map<String, IdentityValue> values) {
        this.values = Map.copyOf(values);
    }

    /** Puts them in. */
    void tell(Identity identity, HttpFields.Mutable to) {
        values.forEach((name, value) -> {
            String text = value(identity, value);
            if (text != null && fits(text)) {
                // One character for each byte of UTF-8: that is how they are written.
                to.put(name, new String(text.getBytes(UTF_8), ISO_8859_1));
            }
        });
    }

    private static @Nullable String value(Identity identity, IdentityValue value) {
        return switch (value.part()) {
            case NAME -> identity.name();
            case METHOD -> identity.method();
            case CLAIM -> identity.claim(value.claim());
        };
    }

    private static boolean fits(String text) {
        return !text.isEmpty()
                && text.equals(text.strip())
                && text.chars().noneMatch(c -> c < ' ' || c == 0x7F)
                && UTF_8.newEncoder().canEncode(text);
    }
}
