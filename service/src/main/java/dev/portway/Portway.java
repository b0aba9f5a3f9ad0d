package dev.portway;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.Problem;
import dev.portway.config.RouteStore;
import dev.portway.config.UnwritableRouteException;
import dev.portway.config.WrittenRoute;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.routing.EditRefusedException;
import dev.portway.routing.EditResult;
import dev.portway.routing.Precondition;
import dev.portway.routing.RouteEdit;
import dev.portway.routing.RouteRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy inside another program. It changes nothing that belongs to the program: no logging, no signal handlers, no
 * system properties, no exit; closing it stops every thread that it started. Several may run side by side. Thread-safe.
 *
 * <pre>{@code
 * try (Portway portway = Portway.builder().port(8080).route("/api", "http://localhost:8000").start()) {
 *     portway.addRoute("web.localhost", 3000);
 * }
 * }</pre>
 */
public final class Portway implements AutoCloseable {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final Logger LOG = LoggerFactory.getLogger(Portway.class);
    private static final Precondition NONE = Precondition.NONE;

    private final EmbeddedServer server;
    private final RouteRegistry routes;

    private Portway(EmbeddedServer server) {
        this.server = server;
        this.routes = server.routes();
    }

    /** A proxy to describe and start. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it takes requests, with the port it really has: {@code http://localhost:8080}. */
    public URI url() {
        return server.running().proxyUrl();
    }

    /** Where it takes requests over TLS, if its configuration says so. */
    public Optional<URI> tlsUrl() {
        return server.running().tlsUrl();
    }

    /** Where other programs steer it, if it has an admin side. */
    public Optional<URI> adminUrl() {
        return server.adminUrl();
    }

    /** The ids of the routes in force, in their order. */
    public List<String> routeIds() {
        return routes.listing().routes().stream().map(WrittenRoute::id).toList();
    }

    /**
     * Adds a route; it is in force for the next request, and durable where the configuration is a file.
     *
     * @param at a host, a path prefix or both: {@code web.localhost}, {@code /api}, {@code shop.localhost/cart}
     * @param target a URL
     * @return the route's id, made from {@code at}
     * @throws PortwayException if the id is taken, or this is no valid route
     */
    public String addRoute(String at, String target) {
        return add(route(at, TextNode.valueOf(target)));
    }

    /** The same with a port of this machine as target. */
    public String addRoute(String at, int port) {
        return add(route(at, IntNode.valueOf(port)));
    }

    /**
     * Adds a route that says more than where to go.
     *
     * @param json an object as it stands in the list {@code routes} of a configuration file
     * @return the route's id
     * @throws PortwayException if the id is taken, or this is no valid route
     */
    public String addRoute(String json) {
        return add(parse(json));
    }

    /**
     * Takes a route away; requests under way finish.
     *
     * @return whether there was one
     */
    public boolean removeRoute(String id) {
        try {
            routes.update(new RouteEdit.Remove(id), NONE);
            return true;
        } catch (EditRefusedException refused) {
            if (refused.reason() == EditRefusedException.Reason.NOT_FOUND) {
                return false;
            }
            throw refused(refused);
        }
    }

    /** Stops it within its shutdown limit: requests in flight finish or are cut off. Does nothing if it has stopped. */
    @Override
    public void close() {
        server.stop();
    }

    private String add(ObjectNode route) {
        try {
            EditResult result = routes.update(new RouteEdit.Add(List.of(route), true), NONE);
            return result.changes().get(0).route().id();
        } catch (EditRefusedException refused) {
            throw refused(refused);
        }
    }

    private static PortwayException refused(EditRefusedException refused) {
        return new PortwayException(
                String.valueOf(refused.getMessage()), described(refused.problems(), "route"), refused);
    }

    private static List<String> described(List<Problem> problems, String name) {
        return problems.stream().map(problem -> problem.describe(name)).toList();
    }

    private static ObjectNode route(String at, JsonNode target) {
        int slash = at.indexOf('/');
        ObjectNode route = MAPPER.createObjectNode();
        if (slash != 0) {
            route.put("host", slash < 0 ? at : at.substring(0, slash));
        }
        if (slash >= 0) {
            route.put("path", at.substring(slash));
        }
        return route.set("target", target);
    }

    private static ObjectNode parse(String json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new PortwayException("a route is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new PortwayException("a route is a JSON object, and this is none: " + json, null);
    }

    /**
     * What to start. Without {@link #file} and {@link #json} it listens on a free port of {@code localhost}, has no admin
     * side, no target for what no route takes, and writes no access log. Confined.
     */
    public static final class Builder {

        private final List<ObjectNode> routes = new ArrayList<>();
        private @Nullable Path file;
        private @Nullable String json;
        private @Nullable String host;
        private @Nullable Integer port;
        private @Nullable Boolean admin;
        private @Nullable Integer adminPort;
        private @Nullable JsonNode defaultTarget;
        private Consumer<Exchange> exchanges = exchange -> {};
        private @Nullable CallHandler handler;
        private boolean behindResources;

        private Builder() {}

        /** Listens there, in place of what a configuration says; 0 is a free port. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Listens on this name or address, in place of what a configuration says. */
        public Builder host(String host) {
            this.host = requireNonNull(host, "host");
            return this;
        }

        /** Has an admin side on this port; 0 is a free one. */
        public Builder admin(int port) {
            this.admin = true;
            this.adminPort = port;
            return this;
        }

        /** Whether there is an admin side: as a configuration says, which has one unless this is false; else not. */
        public Builder admin(boolean on) {
            this.admin = on;
            return this;
        }

        /**
         * Adds a route, behind those of {@link #json}.
         *
         * @param at a host, a path prefix or both: {@code web.localhost}, {@code /api}, {@code shop.localhost/cart}
         * @param target a URL
         */
        public Builder route(String at, String target) {
            routes.add(Portway.route(at, TextNode.valueOf(target)));
            return this;
        }

        /** The same with a port of this machine as target. */
        public Builder route(String at, int port) {
            routes.add(Portway.route(at, IntNode.valueOf(port)));
            return this;
        }

        /** Adds a route that says more than where to go, as it stands in the list {@code routes} of a configuration. */
        public Builder route(String json) {
            routes.add(parse(json));
            return this;
        }

        /**
         * Has {@code listener} told of each exchange that has ended, a tunnel included. It is called by the threads that carry
         * the traffic, so it must not block.
         */
        public Builder onExchange(Consumer<Exchange> listener) {
            exchanges = requireNonNull(listener, "listener");
            return this;
        }

        /** Has {@code handler} see each call before a route is sought: to answer it, or to have it forwarded changed. */
        public Builder handler(CallHandler handler) {
            this.handler = requireNonNull(handler, "handler");
            return this;
        }

        /** Where requests go that no route takes. */
        public Builder defaultTarget(String target) {
            defaultTarget = TextNode.valueOf(target);
            return this;
        }

        /** The same with a port of this machine. */
        public Builder defaultTarget(int port) {
            defaultTarget = IntNode.valueOf(port);
            return this;
        }

        /** Takes the configuration from this file, follows its edits, and keeps changes to routes there. */
        public Builder file(Path file) {
            this.file = file.toAbsolutePath();
            return this;
        }

        /** Takes the configuration from this text, as it would stand in a file; changes to routes stay in memory. */
        public Builder json(String json) {
            this.json = requireNonNull(json, "json");
            return this;
        }

        /**
         * Starts it, and returns once it accepts connections.
         *
         * @throws PortwayException if the configuration has errors, or a port cannot be had
         * @throws IllegalStateException if what was said does not go together
         */
        public Portway start() {
            return new Portway(EmbeddedServer.start(wiring(), admin()));
        }

        /** Has it take the calls that resources before it forward. */
        Builder behindResources() {
            behindResources = true;
            return this;
        }

        /** What is to be wired, read and checked. */
        Wiring wiring() {
            ConfigReader reader = new ConfigReader(System::getenv)
                    .overriding(host, port)
                    .overridingAdminPort(
                            admin() ? adminPort : Integer.valueOf(0)); // no listener, so no port to collide with
            RouteStore store = store(reader);
            ConfigDocument document = read(store);
            return new Wiring(store, document, reader, this::tell, this::behindOwn);
        }

        private Handler behindOwn(Handler proxy) {
            Handler own = handler == null ? proxy : new OwnCalls(handler, proxy);
            return behindResources ? new OwnCalls(ResourceCall::proceed, own) : own;
        }

        private void tell(ExchangeRecord ended) {
            try {
                exchanges.accept(Exchange.of(ended));
            } catch (RuntimeException e) {
                LOG.error("the listener of exchanges failed", e);
            }
        }

        /** Whether the admin side has a listener. */
        boolean admin() {
            return admin == null ? file != null || json != null : admin;
        }

        private RouteStore store(ConfigReader reader) {
            if (file != null && json != null) {
                throw new IllegalStateException("a file and a text (expected: one configuration)");
            }
            if ((file != null || json != null) && defaultTarget != null) {
                throw new IllegalStateException(
                        "a default target beside a configuration (expected: its own \"default\")");
            }
            if (file != null) {
                if (!routes.isEmpty()) {
                    throw new IllegalStateException(
                            "routes beside a file (expected: those of the file, or addRoute, which writes them there)");
                }
                return new RouteStore(file, reader);
            }
            return RouteStore.inMemory(json == null ? written() : withRoutes(json, reader), reader);
        }

        private String written() {
            ObjectNode config = MAPPER.createObjectNode();
            config.putObject("proxy").put("port", 0);
            config.putArray("routes").addAll(routes);
            config.putObject("default").set("target", defaultTarget);
            config.putObject("logging").put("access", false);
            return config.toPrettyString();
        }

        private String withRoutes(String text, ConfigReader reader) {
            if (routes.isEmpty()) {
                return text;
            }
            try {
                return sound(RouteStore.inMemory(text, reader).document(text))
                        .adding(routes)
                        .text();
            } catch (UnwritableRouteException e) {
                throw new PortwayException(String.valueOf(e.getMessage()), e);
            }
        }

        private static ConfigDocument read(RouteStore store) {
            try {
                store.recover();
                return sound(store.read());
            } catch (IOException e) {
                throw new PortwayException(store.file() + " cannot be read: " + e.getMessage(), e);
            }
        }

        private static ConfigDocument sound(ConfigDocument document) {
            if (document.read().config() == null) {
                throw new PortwayException(
                        "this is no valid configuration",
                        described(document.read().errors(), "configuration"),
                        null);
            }
            return document;
        }
    }
}
