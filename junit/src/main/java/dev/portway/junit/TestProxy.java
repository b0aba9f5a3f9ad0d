package dev.portway.junit;

import static java.util.Objects.requireNonNull;

import dev.portway.Exchange;
import dev.portway.Portway;
import dev.portway.api.Route;
import dev.portway.client.Lease;
import dev.portway.client.PortwayClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a test class, which sees every exchange; and, where there is one to be used, the running proxy before it, whose
 * routes lead here. Thread-safe.
 */
final class TestProxy implements AutoCloseable {

    private static final Duration TTL = Duration.ofSeconds(30);

    private final Map<String, TestRoute> routes = new ConcurrentHashMap<>(); // by id
    private final Map<String, Lease> leases = new ConcurrentHashMap<>(); // by id of their route; at the running proxy
    private final Portway recorder;
    private final @Nullable PortwayClient running;
    private final URI entrance;

    private TestProxy(@Nullable PortwayClient running, @Nullable String url) {
        this.recorder = Portway.builder().onExchange(this::saw).start();
        this.running = running;
        this.entrance = url == null ? recorder.url() : URI.create(url);
    }

    /** One on a free port, behind the one that {@code PORTWAY_ADMIN} names, at {@code PORTWAY_URL}. */
    static TestProxy start(Map<String, String> environment) {
        if (!environment.containsKey("PORTWAY_ADMIN")) {
            return new TestProxy(null, null);
        }
        String url = environment.getOrDefault("PORTWAY_URL", "http://localhost:8080");
        return new TestProxy(
                PortwayClient.builder().environment(environment).owner(owner()).build(), url);
    }

    /** Two runs at the same time are two owners. */
    private static String owner() {
        return "portway-junit-" + ProcessHandle.current().pid();
    }

    TestRoute route(String target) {
        String id = "test-" + UUID.randomUUID();
        String path = "/" + id;
        TestRoute route = new TestRoute(id, entrance.resolve(path + "/"));
        routes.put(id, route);
        recorder.addRoute("""
            { "id": "%s", "path": "%s", "target": "%s", "rewrite": { "stripPrefix": true } }
            """.formatted(id, path, requireNonNull(target, "target")));
        if (running != null) {
            Route there = Route.builder()
                    .id(id)
                    .path(path)
                    .target(recorder.url().toString())
                    .build();
            leases.put(id, running.routes().lease(there, TTL));
        }
        return route;
    }

    void end(TestRoute route) {
        Lease lease = leases.remove(route.id());
        if (lease != null) {
            lease.close();
        }
        recorder.removeRoute(route.id());
        routes.remove(route.id());
    }

    @Override
    public void close() {
        recorder.close();
        if (running != null) {
            running.close();
        }
    }

    private void saw(Exchange exchange) {
        TestRoute route = exchange.routeId().map(routes::get).orElse(null);
        if (route != null) {
            route.saw(exchange);
        }
    }
}
