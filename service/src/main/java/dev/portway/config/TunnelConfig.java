package dev.portway.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the proxy goes to other hosts than those of its routes, and to which; the file's {@code proxy.tunnel}.
 * Immutable.
 *
 * @param enabled whether it does at all
 * @param allow where it may go
 * @param credentials an htpasswd file that says who may ask; null for none
 * @param rateLimit how often; null for any number
 * @param ownCredentials whether {@code credentials} stand in place of the {@code auth} of {@code security}, none too
 * @param ownRateLimit whether {@code rateLimit} stands in place of that of {@code security}, none too
 */
public record TunnelConfig(
        boolean enabled,
        List<TunnelRule> allow,
        @Nullable Path credentials,
        @Nullable RateLimitConfig rateLimit,
        boolean ownCredentials,
        boolean ownRateLimit) {

    public static final TunnelConfig DISABLED =
            new TunnelConfig(false, List.of(TunnelRule.DEFAULT), null, null, false, false);

    public TunnelConfig {
        allow = List.copyOf(allow);
    }

    static final Keys KEYS =
            Keys.of("enabled", "allow", "credentials", "rateLimit").withEach("rateLimit", LimitConfig.KEYS);

    static TunnelConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new TunnelConfig(
                in.get("enabled", false, Cursor::bool),
                in.get("allow", DISABLED.allow, rules -> rules.list(TunnelRule::read, "[\"*:443\", \"10.0.0.0/8:*\"]")),
                RulesConfig.rule(in, "credentials", null, TunnelConfig::readCredentials),
                RulesConfig.rule(in, "rateLimit", null, RateLimitConfig::readOwn),
                in.has("credentials"),
                in.has("rateLimit"));
    }

    /** What requests for other hosts are held to: the rules of {@code security} that keep somebody out, or its own. */
    public RulesConfig rules(RulesConfig security) {
        AuthConfig asked = credentials == null ? null : AuthConfig.passwords(credentials);
        return security.forOtherHosts(
                ownCredentials ? asked : security.auth(), ownRateLimit ? rateLimit : security.rateLimit());
    }

    private static Path readCredentials(Cursor at) throws InvalidValueException {
        return FilePath.readable(at, "an htpasswd file, relative to the configuration's folder");
    }
}
