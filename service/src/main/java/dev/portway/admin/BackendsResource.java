package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.BackendView;
import dev.portway.routing.Precondition;
import dev.portway.routing.RouteRegistry;
import dev.portway.upstream.Backend;
import dev.portway.upstream.BackendPool;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backends in use: how they do, and whether a person lets them take requests. Thread-safe. */
@Path("/backends")
@Produces(MediaType.APPLICATION_JSON)
public final class BackendsResource {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackendsResource.class);

    private final RouteRegistry registry;
    private final BackendPool pool;
    private final InstantSource clock;

    BackendsResource(RouteRegistry registry, BackendPool pool, InstantSource clock) {
        this.registry = requireNonNull(registry, "registry");
        this.pool = requireNonNull(pool, "pool");
        this.clock = requireNonNull(clock, "clock");
    }

    @GET
    public List<BackendView> list() {
        return views().of(pool);
    }

    @GET
    @Path("{id}")
    public BackendView get(@PathParam("id") String id) {
        return view(backend(id));
    }

    @PATCH
    @Path("{id}")
    @Consumes({MediaType.APPLICATION_JSON, RoutesResource.MERGE_PATCH, MediaType.APPLICATION_FORM_URLENCODED})
    public BackendView patch(@PathParam("id") String id, JsonBody body, @Context HttpHeaders headers) {
        return registry.betweenWrites(() -> {
            Backend backend = backend(id);
            refuseTags(EntityTags.precondition(headers));
            BackendPatch patch = BackendPatch.of(body.object(), backend);
            patch.apply(backend);
            LOGGER.info("backend {}: {} until restart", id, patch);
            return view(backend);
        });
    }

    private BackendView view(Backend backend) {
        return views().of(backend);
    }

    private BackendViews views() {
        return new BackendViews(registry.current(), clock.instant());
    }

    private Backend backend(String id) {
        return pool.backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.BACKEND_NOT_FOUND,
                        "There is no backend with the id " + id + "; GET /backends lists them."));
    }

    /** A backend has no entity tag and always exists, so only {@code If-Match: *} holds. */
    private static void refuseTags(Precondition precondition) {
        List<String> ifMatch = precondition.ifMatch();
        if (precondition.ifNoneMatchAny() || (ifMatch != null && !ifMatch.contains("*"))) {
            throw new ProblemException(
                    ProblemType.PRECONDITION_FAILED, "A backend exists and has no entity tag (try: no condition).");
        }
    }
}
