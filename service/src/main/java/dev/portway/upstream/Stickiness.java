package dev.portway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that binds a client to a target. Its value is a signature of the target's name under a key that only the proxy
 * has: nobody can make one up, or read from it where the target is, and it takes no arithmetic to know it again. Immutable.
 */
public final class Stickiness {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 18;

    private final String name;
    private final String attributes;
    private final IdentityHashMap<Target, String> values = new IdentityHashMap<>();
    private final Map<String, Target> targets = new HashMap<>();

    /**
     * @param name of the cookie
     * @param key that only the proxy has
     * @param route its id: a cookie of one route means nothing to another
     * @param path of the requests that the client is to send it with
     */
    public Stickiness(String name, byte[] key, String route, String path, List<Target> targets) {
        this.name = name;
        // What would end the attribute cannot be escaped in it (RFC 6265, section 4.1.1).
        this.attributes = "; Path=" + (path.indexOf(';') < 0 ? path : "/") + "; HttpOnly; SameSite=Lax";
        for (Target target : targets) {
            String value = sign(
                    key,
                    route
                            + '\n'
                            + target.backend().identity().url()
                            + target.url().path());
            values.put(target, value);
            this.targets.putIfAbsent(value, target);
        }
    }

    /** The target that a request is bound to; null for none. It may be one that takes no requests any more. */
    @Nullable
    Target boundTo(Selection selection) {
        String value = selection.cookie(name);
        return value == null ? null : targets.get(value);
    }

    /**
     * What {@code Set-Cookie} must say in the answer of {@code target} to a request; null if the request is bound to it
     * already.
     *
     * @param secure whether the client came by https
     */
    public @Nullable String bind(Selection selection, Target target, boolean secure) {
        String value = values.get(target);
        return value == null || value.equals(selection.cookie(name))
                ? null
                : name + '=' + value + attributes + (secure ? "; Secure" : "");
    }

    private static String sign(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] signature = mac.doFinal(text.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(signature, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
