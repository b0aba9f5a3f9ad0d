package dev.portway.policy.limit;

import dev.portway.config.Cidr;
import dev.portway.config.LimitConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often one client may open a connection. Trusted proxies, whose connections carry the requests of many, are not counted.
 * Thread-safe.
 */
public final class ConnectionRate implements Predicate<InetAddress> {

    private final @Nullable RateLimit limit;
    private final List<Cidr> trusted;
    private final LongAdder refused = new LongAdder();

    /** @param rule null for any number */
    public ConnectionRate(LimitConfig.@Nullable Rate rule, List<Cidr> trusted) {
        this.limit = rule == null ? null : new RateLimit(rule);
        this.trusted = List.copyOf(trusted);
    }

    /** Whether a connection from {@code peer} may come about. */
    @Override
    public boolean test(InetAddress peer) {
        if (limit == null || trusts(peer) || limit.take(KeyReader.client(peer)) >= 0) {
            return true;
        }
        refused.increment();
        return false;
    }

    private boolean trusts(InetAddress peer) {
        return trusted.stream().anyMatch(block -> block.contains(peer));
    }

    /** Connections that were not let come about. */
    public long refused() {
        return refused.sum();
    }
}
