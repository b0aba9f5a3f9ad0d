package dev.portway.client;

import static java.util.Objects.requireNonNull;

import dev.portway.api.ChangeView;
import dev.portway.api.ExchangesView;
import dev.portway.api.ExplainRequest;
import dev.portway.api.ExplainView;
import dev.portway.api.ReloadView;
import dev.portway.api.StatusView;
import dev.portway.api.ValidationView;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Steers a running proxy by its admin API. Made once and shared: it keeps connections and, while it has leases, one thread.
 * Each method that calls has a twin, {@code ...Async}, that does not wait: what it returns fails with the same exceptions,
 * and cancelling it gives up the call. Every call ends within the timeout. Thread-safe.
 */
public final class PortwayClient implements AutoCloseable {

    private final Transport transport;
    private final Leases leases;
    private final Routes routes;
    private final Backends backends;
    private final Tunnels tunnels;

    private PortwayClient(Builder builder) {
        Carrier carrier = builder.brief
                ? new BriefConnections(builder.connectTimeout, builder.sslContext)
                : new Connections(builder.admin, builder.connectTimeout, builder.sslContext);
        this.transport = new Transport(builder.admin, builder.token, builder.timeout, carrier);
        this.leases = new Leases(transport, builder.owner == null ? unique() : builder.owner);
        this.routes = new Routes(transport, leases);
        this.backends = new Backends(transport);
        this.tunnels = new Tunnels(transport);
    }

    /** A builder of a client of {@code http://localhost:8081}, without a token. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A client of the proxy that the environment names: {@code PORTWAY_ADMIN}, or {@code http://localhost:8081}, with the
     * token in {@code PORTWAY_TOKEN}, if any.
     *
     * @throws IllegalArgumentException if one of them cannot be used
     */
    public static PortwayClient fromEnvironment() {
        return builder().environment(System.getenv()).build();
    }

    /** The address of the admin listener. */
    public URI admin() {
        return transport.admin();
    }

    /** The routes: listed, read and written. */
    public Routes routes() {
        return routes;
    }

    /** The backends: how they do, and whether they take requests. */
    public Backends backends() {
        return backends;
    }

    /** The tunnels that are open. */
    public Tunnels tunnels() {
        return tunnels;
    }

    /**
     * How the proxy does.
     *
     * @throws PortwayException if the call fails
     */
    public StatusView status() {
        return transport.send(asking());
    }

    /** Does not wait for what {@link #status} returns. */
    public CompletableFuture<StatusView> statusAsync() {
        return transport.sendAsync(asking());
    }

    /**
     * Where the proxy takes requests: {@code http://localhost:8080}, then {@code https://localhost:8443} if it does; empty
     * where it does not say.
     *
     * @throws PortwayException if the call fails
     */
    public List<URI> listeners() {
        return transport.send(locating());
    }

    /** Does not wait for what {@link #listeners} returns. */
    public CompletableFuture<List<URI>> listenersAsync() {
        return transport.sendAsync(locating());
    }

    /**
     * The requests that the proxy has answered last. To follow them: {@code query.goingOn(view.next())}, again and again.
     *
     * @throws InvalidException if there is no such status or limit
     * @throws PortwayException if the call fails otherwise
     */
    public ExchangesView exchanges(ExchangeQuery query) {
        return transport.send(looking(query));
    }

    /** Does not wait for what {@link #exchanges} returns. */
    public CompletableFuture<ExchangesView> exchangesAsync(ExchangeQuery query) {
        return transport.sendAsync(looking(query));
    }

    /**
     * Which route a GET of this URL would take and why, what would be sent where. Nothing is sent.
     *
     * @param url absolute, or only a path for a request that names no host
     * @throws InvalidException if there is no such request
     * @throws PortwayException if the call fails otherwise
     */
    public ExplainView explain(String url) {
        return explain(new ExplainRequest(url, null, null));
    }

    /** Does not wait for what {@link #explain(String)} returns. */
    public CompletableFuture<ExplainView> explainAsync(String url) {
        return explainAsync(new ExplainRequest(url, null, null));
    }

    /**
     * Which route a request would take and why, what would be sent where. Nothing is sent.
     *
     * @throws InvalidException if there is no such request
     * @throws PortwayException if the call fails otherwise
     */
    public ExplainView explain(ExplainRequest request) {
        return transport.send(explaining(request));
    }

    /** Does not wait for what {@link #explain(ExplainRequest)} returns. */
    public CompletableFuture<ExplainView> explainAsync(ExplainRequest request) {
        return transport.sendAsync(explaining(request));
    }

    /**
     * What is wrong with a whole configuration. Nothing is changed.
     *
     * @param configuration the JSON of a configuration file
     * @throws InvalidException if it is not JSON
     * @throws PortwayException if the call fails otherwise
     */
    public ValidationView validate(String configuration) {
        return transport.send(validating(configuration));
    }

    /** Does not wait for what {@link #validate} returns. */
    public CompletableFuture<ValidationView> validateAsync(String configuration) {
        return transport.sendAsync(validating(configuration));
    }

    /**
     * Has the proxy read its file now.
     *
     * @return what that changed
     * @throws InvalidException if the file cannot be used; the routes then are what they were
     * @throws PortwayException if the call fails otherwise
     */
    public ReloadView reload() {
        return transport.send(reloading());
    }

    /** Does not wait for what {@link #reload} returns. */
    public CompletableFuture<ReloadView> reloadAsync() {
        return transport.sendAsync(reloading());
    }

    /**
     * The last changes of the proxy's file, by this API or by hand, the latest first.
     *
     * @throws PortwayException if the call fails
     */
    public List<ChangeView> history() {
        return transport.send(remembering());
    }

    /** Does not wait for what {@link #history} returns. */
    public CompletableFuture<List<ChangeView>> historyAsync() {
        return transport.sendAsync(remembering());
    }

    /**
     * The last changes of the proxy's file, the latest first, with the entity tag of the list of routes: for
     * {@link #undo(long, String)}.
     *
     * @throws PortwayException if the call fails
     */
    public Tagged<List<ChangeView>> taggedHistory() {
        return transport.send(rememberingTagged());
    }

    /** Does not wait for what {@link #taggedHistory} returns. */
    public CompletableFuture<Tagged<List<ChangeView>>> taggedHistoryAsync() {
        return transport.sendAsync(rememberingTagged());
    }

    /**
     * Takes back the last change of this API that holds: the file says again what it said before it, to the byte where nothing
     * was changed since. Called again, it takes back the one before that. One that was put back by hand is passed over.
     *
     * @return the change that this is, which can be taken back by its number
     * @throws NotFoundException if there is none
     * @throws ConflictException if others changed the same routes since
     * @throws PortwayException if the call fails otherwise
     */
    public ChangeView undo() {
        return transport.send(undoing(""));
    }

    /** Does not wait for what {@link #undo()} returns. */
    public CompletableFuture<ChangeView> undoAsync() {
        return transport.sendAsync(undoing(""));
    }

    /**
     * Takes back one of the last changes of this API, an undo included.
     *
     * @param change its number
     * @return the change that this is
     * @throws NotFoundException if it is not among the last ones
     * @throws ConflictException if it was taken back already, or made by hand, or others changed the same routes since
     * @throws PortwayException if the call fails otherwise
     */
    public ChangeView undo(long change) {
        return transport.send(undoing("?change=" + change));
    }

    /** Does not wait for what {@link #undo(long)} returns. */
    public CompletableFuture<ChangeView> undoAsync(long change) {
        return transport.sendAsync(undoing("?change=" + change));
    }

    /**
     * Takes back one of the last changes if nothing was changed since they were read.
     *
     * @param change its number
     * @param etag of {@link #taggedHistory}, or {@link StatusView#revision}
     * @return the change that this is
     * @throws PreconditionFailedException if a route has been added, changed or removed since
     * @throws NotFoundException if it is not among the last ones
     * @throws ConflictException if it was taken back already, or made by hand, or others changed the same routes since
     * @throws PortwayException if the call fails otherwise
     */
    public ChangeView undo(long change, String etag) {
        return transport.send(undoing("?change=" + change).ifMatch(etag));
    }

    /** Does not wait for what {@link #undo(long, String)} returns. */
    public CompletableFuture<ChangeView> undoAsync(long change, String etag) {
        return transport.sendAsync(undoing("?change=" + change).ifMatch(etag));
    }

    /**
     * Closes the leases of this client, gives up the calls in flight, and ends every connection and thread. Closing again
     * does nothing.
     */
    @Override
    public void close() {
        leases.close();
        transport.close();
    }

    /** The address; never the token. */
    @Override
    public String toString() {
        return "PortwayClient[" + admin() + "]";
    }

    private static String unique() {
        return "java-" + ProcessHandle.current().pid() + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt(0x1000, 0x10000));
    }

    private static Call<StatusView> asking() {
        return Call.get("/status", answer -> answer.as(StatusView.class));
    }

    private static Call<ExchangesView> looking(ExchangeQuery query) {
        return Call.get(query.path(), answer -> answer.as(ExchangesView.class));
    }

    private static Call<List<URI>> locating() {
        return Call.get("/status", PortwayClient::listeners);
    }

    private static List<URI> listeners(Answer answer) throws IOException {
        List<URI> listeners = new ArrayList<>();
        try {
            if (answer.object().get("listeners") instanceof List<?> urls) {
                urls.forEach(url -> listeners.add(URI.create(String.valueOf(url))));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("no URL where there should be one", e);
        }
        return List.copyOf(listeners);
    }

    private static Call<ExplainView> explaining(ExplainRequest request) {
        return Call.post(
                "/explain", Json.write(requireNonNull(request, "request")), answer -> answer.as(ExplainView.class));
    }

    private static Call<ValidationView> validating(String configuration) {
        return Call.post(
                "/validate", requireNonNull(configuration, "configuration"), answer -> answer.as(ValidationView.class));
    }

    private static Call<ReloadView> reloading() {
        return Call.post("/reload", null, answer -> answer.as(ReloadView.class));
    }

    private static Call<List<ChangeView>> remembering() {
        return Call.list("/history", ChangeView.class);
    }

    private static Call<Tagged<List<ChangeView>>> rememberingTagged() {
        return Call.get("/history", answer -> new Tagged<>(answer.list(ChangeView.class), answer.etag()));
    }

    private static Call<ChangeView> undoing(String query) {
        return Call.post("/undo" + query, null, answer -> answer.as(ChangeView.class));
    }

    /** Says which proxy a client steers, and how. Confined to one thread. */
    public static final class Builder {

        private URI admin = URI.create("http://localhost:8081");
        private @Nullable String token;
        private @Nullable String owner;
        private Duration timeout = Duration.ofSeconds(10);
        private Duration connectTimeout = Duration.ofSeconds(2);
        private @Nullable SSLContext sslContext;
        private boolean brief;

        private Builder() {}

        /**
         * The address of the admin listener.
         *
         * @param address {@code http://HOST:PORT}, {@code https://HOST:PORT}, or {@code HOST:PORT}
         * @throws IllegalArgumentException if it is another thing
         */
        public Builder admin(String address) {
            return admin("admin", address);
        }

        /**
         * The address of the admin listener.
         *
         * @throws IllegalArgumentException if it is not {@code http://HOST:PORT} or {@code https://HOST:PORT}
         */
        public Builder admin(URI address) {
            return admin("admin", address.toString());
        }

        /**
         * What {@code proxy.admin.token} of the configuration says; null for none. It is sent to the admin listener and
         * shown to nobody.
         *
         * @throws IllegalArgumentException if it has characters that no token can have
         */
        public Builder token(@Nullable String token) {
            return token("token", token);
        }

        /**
         * Takes the address from {@code PORTWAY_ADMIN} and the token from {@code PORTWAY_TOKEN}, where they are there and not
         * empty.
         *
         * @param environment such as {@link System#getenv()}
         * @throws IllegalArgumentException if one of them cannot be used
         */
        public Builder environment(Map<String, String> environment) {
            String address = environment.getOrDefault("PORTWAY_ADMIN", "");
            String secret = environment.getOrDefault("PORTWAY_TOKEN", "");
            if (!address.isBlank()) {
                admin("PORTWAY_ADMIN", address.strip());
            }
            return secret.isBlank() ? this : token("PORTWAY_TOKEN", secret.strip());
        }

        /**
         * Whose the leases of this client are: what another owner is told who wants the same route, and by which a program
         * that was started again has its route back at once. Unless this is called, a name that is this client's alone.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Builder owner(String owner) {
            if (owner.isBlank()) {
                throw new IllegalArgumentException("owner: \"" + owner + "\" (expected: a name, such as \"vite\")");
            }
            this.owner = owner;
            return this;
        }

        /** The longest that a call takes, connecting and reading included; 10 seconds unless this is called. */
        public Builder timeout(Duration timeout) {
            this.timeout = positive("timeout", timeout);
            return this;
        }

        /** The longest that connecting takes; 2 seconds unless this is called. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive("connectTimeout", timeout);
            return this;
        }

        /** Whom to trust where the address is {@code https}; the system's authorities unless this is called. */
        public Builder sslContext(SSLContext context) {
            this.sslContext = requireNonNull(context, "context");
            return this;
        }

        /**
         * For a program that is over after a few calls, such as a command: each of them has a connection and a thread of its
         * own, so that nothing has to be set up for the first.
         */
        public Builder brief() {
            this.brief = true;
            return this;
        }

        /** The client. It connects when it is first asked something. */
        public PortwayClient build() {
            return new PortwayClient(this);
        }

        private Builder admin(String name, String address) {
            this.admin = AdminAddress.parse(name, address);
            return this;
        }

        private Builder token(String name, @Nullable String secret) {
            if (secret != null && !secret.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
                throw new IllegalArgumentException(
                        name + " has characters that no token can have (expected: letters, digits and signs of ASCII)");
            }
            this.token = secret == null || secret.isEmpty() ? null : secret;
            return this;
        }

        private static Duration positive(String name, Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException(name + ": " + duration + " (expected: more than zero)");
            }
            return duration;
        }
    }
}
