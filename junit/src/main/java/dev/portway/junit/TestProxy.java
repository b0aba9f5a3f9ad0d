package dev.portway.junit;

import static java.util.Objects.requireNonNull;

import dev.portway.Exchange;
import dev.portway.Portway;
import dev.portway.api.Route;
import dev.portway.client.PortwayClient;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a test class, which sees every exchange; and, where there is one to be used, the running proxy before it, whose
 * routes lead here. Thread-safe.
 */
final class TestProxy implements AutoCloseable {

    private final Map<String, TestRoute> routes = new ConcurrentHashMap<>(); // by id
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
        return new TestProxy(PortwayClient.builder().environment(environment).build(), url);
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
            running.routes()
                    .add(Route.builder()
                            .id(id)
                            .path(path)
                            .target(recorder.url().toString())
                            .metadata("owner", "portway-junit")
                            .build());
        }
        return route;
    }

    void end(TestRoute route) {
        if (running != null) {
            running.routes().delete(route.id());
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
