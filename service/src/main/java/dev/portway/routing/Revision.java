package dev.portway.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.WrittenRoute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The entity tag of a list of routes: the same for the same content in the same order. */
final class Revision {

    private static final int BYTES = 12;

    private Revision() {}

    /** Quoted. */
    static String of(List<WrittenRoute> routes) {
        MessageDigest digest = sha256();
        for (WrittenRoute route : routes) {
            digest.update(route.id().getBytes(UTF_8));
            digest.update((byte) 0);
            digest.update(route.etag().getBytes(UTF_8));
            digest.update((byte) 0);
        }
        byte[] hash = Arrays.copyOf(digest.digest(), BYTES);
        return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + '"';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
