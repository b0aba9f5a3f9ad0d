package dev.portway.client;

import static java.util.Objects.requireNonNull;

import dev.portway.api.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a proxy: listed, read and written. A write is in the proxy's file before its method returns, and in force
 * for the next request. Each method has a twin, {@code ...Async}, that does not wait: what it returns fails with the same
 * exceptions, and cancelling it gives up the call. Thread-safe.
 */
public final class Routes {

    private static final String FOLDER = "/routes";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int MOST_ATTEMPTS = 32;

    private final Transport transport;
    private final Leases leases;

    Routes(Transport transport, Leases leases) {
        this.transport = transport;
        this.leases = leases;
    }

    /**
     * Every route, in the file's order.
     *
     * @throws PortwayException if the call fails
     */
    public List<Route> list() {
        return transport.send(listing());
    }

    /** Does not wait for what {@link #list()} returns. */
    public CompletableFuture<List<Route>> listAsync() {
        return transport.sendAsync(listing());
    }

    /**
     * One route.
     *
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public Route get(String id) {
        return transport.send(reading(id)).value();
    }

    /** Does not wait for what {@link #get} returns. */
    public CompletableFuture<Route> getAsync(String id) {
        return transport.sendAsync(reading(id)).thenApply(Tagged::value);
    }

    /**
     * One route, if there is one with this id.
     *
     * @throws PortwayException if the call fails otherwise
     */
    public Optional<Route> find(String id) {
        try {
            return Optional.of(get(id));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Does not wait for what {@link #find} returns. */
    public CompletableFuture<Optional<Route>> findAsync(String id) {
        return getAsync(id).thenApply(Optional::of).exceptionally(failure -> {
            if (Transport.cause(failure) instanceof NotFoundException) {
                return Optional.empty();
            }
            throw new CompletionException(Transport.cause(failure));
        });
    }

    /**
     * One route with its entity tag, for {@link #put(Route, String)} and {@link #delete(String, String)}.
     *
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public Tagged<Route> tagged(String id) {
        return transport.send(reading(id));
    }

    /** Does not wait for what {@link #tagged} returns. */
    public CompletableFuture<Tagged<Route>> taggedAsync(String id) {
        return transport.sendAsync(reading(id));
    }

    /**
     * One route with every default and every inherited rule written out. Not for writing back.
     *
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public Route effective(String id) {
        return transport.send(effectively(id));
    }

    /** Does not wait for what {@link #effective} returns. */
    public CompletableFuture<Route> effectiveAsync(String id) {
        return transport.sendAsync(effectively(id));
    }

    /**
     * Adds a route.
     *
     * @return it as the file has it now, with an id
     * @throws ConflictException if the id is taken
     * @throws InvalidException if it says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route add(Route route) {
        return transport.send(adding(route));
    }

    /** Does not wait for what {@link #add(Route)} returns. */
    public CompletableFuture<Route> addAsync(Route route) {
        return transport.sendAsync(adding(route));
    }

    /**
     * Adds several routes, all or none.
     *
     * @return them as the file has them now, with ids
     * @throws ConflictException if an id is taken
     * @throws InvalidException if there is none, or one says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public List<Route> add(List<Route> routes) {
        return transport.send(adding(routes));
    }

    /** Does not wait for what {@link #add(List)} returns. */
    public CompletableFuture<List<Route>> addAsync(List<Route> routes) {
        return transport.sendAsync(adding(routes));
    }

    /**
     * Creates a route, or replaces the one that has its id.
     *
     * @param route with an id; read-only keys are ignored
     * @return it as the file has it now
     * @throws InvalidException if it has no id, or says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route put(Route route) {
        return transport.send(putting(route));
    }

    /** Does not wait for what {@link #put(Route)} returns. */
    public CompletableFuture<Route> putAsync(Route route) {
        return transport.sendAsync(putting(route));
    }

    /**
     * Replaces a route if it is still what it was when it was read.
     *
     * @param route with an id; read-only keys are ignored
     * @param etag of what was read
     * @return it as the file has it now
     * @throws PreconditionFailedException if it has been changed or removed since
     * @throws InvalidException if it has no id, or says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route put(Route route, String etag) {
        return transport.send(putting(route).ifMatch(etag));
    }

    /** Does not wait for what {@link #put(Route, String)} returns. */
    public CompletableFuture<Route> putAsync(Route route, String etag) {
        return transport.sendAsync(putting(route).ifMatch(etag));
    }

    /**
     * Reads a route, has it changed, and writes it back; begins again while somebody else is faster, {@value #MOST_ATTEMPTS}
     * times at most, so no change of anybody is lost.
     *
     * @param change of the route as it is; called again for each attempt. Keys that it does not touch stay as they are
     * @return the route as the file has it now
     * @throws NotFoundException if there is none with this id
     * @throws PreconditionFailedException if others were faster each time
     * @throws InvalidException if it says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route update(String id, UnaryOperator<Route> change) {
        for (int attempt = 1; ; attempt++) {
            Tagged<Route> present = tagged(id);
            try {
                return transport.send(changing(id, present, change));
            } catch (PreconditionFailedException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Does not wait for what {@link #update} returns; {@code change} is called by a thread of the client. */
    public CompletableFuture<Route> updateAsync(String id, UnaryOperator<Route> change) {
        return updateAsync(id, change, MOST_ATTEMPTS);
    }

    private CompletableFuture<Route> updateAsync(String id, UnaryOperator<Route> change, int attempts) {
        return taggedAsync(id)
                .thenCompose(present -> transport.sendAsync(changing(id, present, change)))
                .exceptionallyCompose(
                        failure -> Transport.cause(failure) instanceof PreconditionFailedException && attempts > 1
                                ? updateAsync(id, change, attempts - 1)
                                : CompletableFuture.failedFuture(Transport.cause(failure)));
    }

    /**
     * Changes some keys of a route, by JSON Merge Patch (RFC 7396).
     *
     * @param changes the keys with their new values; null removes a key
     * @return the route as the file has it now
     * @throws NotFoundException if there is none with this id
     * @throws InvalidException if the route would say what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route patch(String id, Map<String, ? extends @Nullable Object> changes) {
        return transport.send(patching(id, changes));
    }

    /** Does not wait for what {@link #patch} returns. */
    public CompletableFuture<Route> patchAsync(String id, Map<String, ? extends @Nullable Object> changes) {
        return transport.sendAsync(patching(id, changes));
    }

    /**
     * Removes a route; a leased one too, whoever has it. Requests in flight finish.
     *
     * @throws NotFoundException if there is none with this id
     * @throws PortwayException if the call fails otherwise
     */
    public void delete(String id) {
        transport.send(deleting(id));
    }

    /** Does not wait until {@link #delete(String)} returns. */
    public CompletableFuture<Void> deleteAsync(String id) {
        return transport.sendAsync(deleting(id));
    }

    /**
     * Removes a route if it is still what it was when it was read.
     *
     * @param etag of what was read
     * @throws NotFoundException if there is none with this id
     * @throws PreconditionFailedException if it has been changed since
     * @throws PortwayException if the call fails otherwise
     */
    public void delete(String id, String etag) {
        transport.send(deleting(id).ifMatch(etag));
    }

    /** Does not wait until {@link #delete(String, String)} returns. */
    public CompletableFuture<Void> deleteAsync(String id, String etag) {
        return transport.sendAsync(deleting(id).ifMatch(etag));
    }

    /**
     * Registers a route for as long as the lease is open and this program lives; for {@code try (var lease = ...)}. The route
     * is renewed in the background at a third of {@code ttl}, registered again where the proxy was restarted or forgot it,
     * and removed when the lease or the client is closed.
     *
     * @param route without an id it gets one made of host and path
     * @param ttl after which the proxy drops the route when this program is gone; at least a second
     * @throws ConflictException if the id is taken, by the file or by another owner
     * @throws InvalidException if the route says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Lease lease(Route route, Duration ttl) {
        return lease(route, ttl, (lease, failure) -> {});
    }

    /** Does not wait for what {@link #lease(Route, Duration)} returns. */
    public CompletableFuture<Lease> leaseAsync(Route route, Duration ttl) {
        return leaseAsync(route, ttl, (lease, failure) -> {});
    }

    /**
     * Registers a route for as long as the lease is open and this program lives, as {@link #lease(Route, Duration)} does.
     *
     * @param route without an id it gets one made of host and path
     * @param ttl after which the proxy drops the route when this program is gone; at least a second
     * @param listener is told when renewing does not work, and when it does again
     * @throws ConflictException if the id is taken, by the file or by another owner
     * @throws InvalidException if the route says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Lease lease(Route route, Duration ttl, LeaseListener listener) {
        return leases.lease(route, ttl, requireNonNull(listener, "listener"));
    }

    /** Does not wait for what {@link #lease(Route, Duration, LeaseListener)} returns. */
    public CompletableFuture<Lease> leaseAsync(Route route, Duration ttl, LeaseListener listener) {
        return leases.leaseAsync(route, ttl, requireNonNull(listener, "listener"));
    }

    /**
     * Registers a route until {@code ttl} is over, or longer where it is registered again before that by the same owner, the one
     * that the client's builder names. Nothing renews it: see {@link #lease(Route, Duration)} for that.
     *
     * @param route without an id it gets one made of host and path
     * @throws ConflictException if the id is taken, by the file or by another owner
     * @throws InvalidException if the route says what no route can say
     * @throws PortwayException if the call fails otherwise
     */
    public Route register(Route route, Duration ttl) {
        return transport.send(leases.terms(route, ttl).registering()).value();
    }

    /** Does not wait for what {@link #register} returns. */
    public CompletableFuture<Route> registerAsync(Route route, Duration ttl) {
        return transport.sendAsync(leases.terms(route, ttl).registering()).thenApply(Tagged::value);
    }

    static Tagged<Route> tagged(Answer answer) throws IOException {
        return new Tagged<>(answer.route(), answer.etag());
    }

    private static Call<List<Route>> listing() {
        return Call.get(FOLDER, Answer::routes);
    }

    private static Call<Tagged<Route>> reading(String id) {
        return Call.get(path(id), Routes::tagged);
    }

    private static Call<Route> effectively(String id) {
        return Call.get(path(id) + "?effective=true", Answer::route);
    }

    private static Call<Route> adding(Route route) {
        return Call.post(FOLDER, JsonTree.write(requireNonNull(route, "route").json()), Answer::route);
    }

    private static Call<List<Route>> adding(List<Route> routes) {
        return Call.post(FOLDER, JsonTree.write(routes.stream().map(Route::json).toList()), Answer::routes);
    }

    private static Call<Route> putting(Route route) {
        return Call.put(path(route.id()), JsonTree.write(route.json()), Answer::route);
    }

    private static Call<Route> changing(String id, Tagged<Route> present, UnaryOperator<Route> change) {
        Route changed = requireNonNull(change.apply(present.value()), "the changed route");
        return Call.put(path(id), JsonTree.write(changed.json()), Answer::route).ifMatch(present.etag());
    }

    private static Call<Route> patching(String id, Map<String, ? extends @Nullable Object> changes) {
        return Call.patch(path(id), Json.write(changes), Answer::route);
    }

    private static Call<Void> deleting(String id) {
        return Call.delete(path(id));
    }

    static String path(String id) {
        if (!ID.matcher(id).matches()) {
            throw new InvalidException(
                    "\"" + id.replaceAll("\\p{Cntrl}", " ")
                            + "\" is no id of a route (expected: letters, digits and . _ -"
                            + " only, such as \"api\").",
                    0,
                    null);
        }
        return Call.path(FOLDER, id);
    }
}
