package dev.portway.client;

import dev.portway.api.BackendView;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The backends that a proxy uses: how they do, and whether a person lets them take requests. What is set here holds until
 * the proxy restarts; the durable way is the route. Each method has a twin, {@code ...Async}, that does not wait: what it
 * returns fails with the same exceptions, and cancelling it gives up the call. Thread-safe.
 */
public final class Backends {

    private static final String FOLDER = "/backends";

    private final Transport transport;

    Backends(Transport transport) {
        this.transport = transport;
    }

    /** What a person says of a backend. */
    public enum State {
        /** It takes requests, whatever its health. */
        UP,
        /** It takes no new requests; those in flight finish. */
        DRAIN,
        /** It takes no requests. */
        DOWN,
        /** What the configuration says. */
        CONFIGURED
    }

    /**
     * Every backend, by id.
     *
     * @throws PortwayException if the call fails
     */
    public List<BackendView> list() {
        return transport.send(listing());
    }

    /** Does not wait for what {@link #list} returns. */
    public CompletableFuture<List<BackendView>> listAsync() {
        return transport.sendAsync(listing());
    }

    /**
     * One backend.
     *
     * @param id such as {@code localhost:3000}
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public BackendView get(String id) {
        return transport.send(reading(id));
    }

    /** Does not wait for what {@link #get} returns. */
    public CompletableFuture<BackendView> getAsync(String id) {
        return transport.sendAsync(reading(id));
    }

    /**
     * Says whether a backend takes requests, until the proxy restarts.
     *
     * @return how it does since
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public BackendView set(String id, State state) {
        return transport.send(setting(id, state));
    }

    /** Does not wait for what {@link #set} returns. */
    public CompletableFuture<BackendView> setAsync(String id, State state) {
        return transport.sendAsync(setting(id, state));
    }

    /**
     * Says what a backend's check asks for, until the proxy restarts.
     *
     * @param path such as {@code /health}; null for the configuration's
     * @return how it does since
     * @throws NotFoundException if there is none with this id
     * @throws InvalidException if it has no check by HTTP, or the path is none
     * @throws PortwayException if the call fails otherwise
     */
    public BackendView check(String id, @Nullable String path) {
        return transport.send(checking(id, path));
    }

    /** Does not wait for what {@link #check} returns. */
    public CompletableFuture<BackendView> checkAsync(String id, @Nullable String path) {
        return transport.sendAsync(checking(id, path));
    }

    private static Call<List<BackendView>> listing() {
        return Call.list(FOLDER, BackendView.class);
    }

    private static Call<BackendView> reading(String id) {
        return Call.get(Call.path(FOLDER, id), answer -> answer.as(BackendView.class));
    }

    private static Call<BackendView> setting(String id, State state) {
        String written = state == State.CONFIGURED ? null : state.name().toLowerCase(Locale.ROOT);
        return patching(id, Collections.singletonMap("state", written));
    }

    private static Call<BackendView> checking(String id, @Nullable String path) {
        return patching(id, Map.of("health", Collections.singletonMap("path", path)));
    }

    private static Call<BackendView> patching(String id, Map<String, ? extends @Nullable Object> changes) {
        return Call.patch(Call.path(FOLDER, id), Json.write(changes), answer -> answer.as(BackendView.class));
    }
}
