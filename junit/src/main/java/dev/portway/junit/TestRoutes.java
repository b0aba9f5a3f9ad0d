package dev.portway.junit;

import java.util.ArrayList;
import java.util.List;

/** The routes of one test; given as a parameter to its method. Thread-safe. */
public final class TestRoutes {

    private final TestProxy proxy;
    private final List<TestRoute> routes = new ArrayList<>(); // guarded by itself

    TestRoutes(TestProxy proxy) {
        this.proxy = proxy;
    }

    /**
     * A new route, until the end of the test.
     *
     * @param target a URL such as {@code http://localhost:8000}
     */
    public TestRoute to(String target) {
        TestRoute route = proxy.route(target);
        synchronized (routes) {
            routes.add(route);
        }
        return route;
    }

    /** The same with a port of this machine as target. */
    public TestRoute to(int port) {
        return to("http://localhost:" + port);
    }

    void close() {
        synchronized (routes) {
            routes.forEach(proxy::end);
            routes.clear();
        }
    }
}
