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
 * @param credentials an htpasswd file that says who may ask; null for anybody who can reach the proxy
 * @param rateLimit how often; null for any number
 */
public record TunnelConfig(
        boolean enabled,
        List<TunnelRule> allow,
        @Nullable Path credentials,
        @Nullable RateLimitConfig rateLimit) {

    public static final TunnelConfig DISABLED = new TunnelConfig(false, List.of(TunnelRule.DEFAULT), null, null);

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
                in.get("credentials", TunnelConfig::readCredentials),
                in.get("rateLimit", RateLimitConfig::readOwn));
    }

    private static Path readCredentials(Cursor at) throws InvalidValueException {
        return FilePath.readable(at, "an htpasswd file, relative to the configuration's folder");
    }
}
