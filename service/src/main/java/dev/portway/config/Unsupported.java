package dev.portway.config;

import java.util.Set;

/**
 * What the documentation of the file names and this version does not do yet: refused, never ignored, so that nobody
 * relies on a rule that is not enforced. Whoever builds one takes it off here.
 */
final class Unsupported {

    static final String MESSAGE = "is not supported by this version";

    static final Set<String> TUNNEL_KEYS = Set.of("rateLimit");

    static final Set<String> ROUTE_KEYS =
            Set.of("waitForBackend", "rewrite", "auth", "compression", "cache", "redirect", "respond");

    private static final Set<String> SECURITY_KEYS = Set.of("auth");

    private Unsupported() {}

    /** A rule of {@code security} that is not enforced would be worse than none: such a one may be there, but empty. */
    static void refuseFilled(Cursor security) {
        for (Cursor rule : security.each()) {
            if (SECURITY_KEYS.contains(rule.key())
                    && !(rule.node().isObject() && rule.node().isEmpty())) {
                security.keyError(rule.key(), "a security rule \"" + rule.key() + "\" " + MESSAGE + " (expected: {})");
            }
        }
    }
}
