package dev.portway.transport;

import dev.portway.config.BackendTlsConfig;
import dev.portway.routing.RouteTable;
import dev.portway.routing.RouteTableListener;
import dev.portway.upstream.Backend;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to know TLS backends, one for each distinct setting in use. Those of a new table are made when it is published,
 * which is not on an event loop. Thread-safe.
 */
public final class BackendTrust implements RouteTableListener {

    private static final Logger LOG = LoggerFactory.getLogger(BackendTrust.class);

    private final ConcurrentHashMap<BackendTlsConfig, BackendTls> ways = new ConcurrentHashMap<>();
    private final BackendTls system = begin(null);
    private Set<String> insecure = Set.of(); // confined to the one who publishes tables

    @Override
    public void tableChanged(RouteTable table) {
        Set<BackendTlsConfig> used = ConcurrentHashMap.newKeySet();
        Set<String> unchecked = new TreeSet<>();
        for (Backend backend : table.backends()) {
            BackendTlsConfig tls = backend.identity().tls();
            if (tls != null) {
                used.add(tls);
                of(tls).load();
                if (tls.insecure()) {
                    unchecked.add(backend.id());
                }
            }
        }
        ways.keySet().retainAll(used);
        if (!unchecked.isEmpty() && !unchecked.equals(insecure)) {
            LOG.warn(
                    "{}: any certificate is taken (tls.insecure), so whoever can answer in their place is believed",
                    String.join(", ", unchecked));
        }
        insecure = unchecked;
    }

    /** @param tls null for the system's trust */
    BackendTls of(@Nullable BackendTlsConfig tls) {
        return tls == null ? system : ways.computeIfAbsent(tls, BackendTrust::begin);
    }

    private static BackendTls begin(@Nullable BackendTlsConfig config) {
        BackendTls tls = new BackendTls(config);
        LifeCycle.start(tls);
        return tls;
    }

    BackendTls system() {
        return system;
    }
}
