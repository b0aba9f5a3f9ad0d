package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.api.RouteView;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException;
import dev.portway.routing.EditResult;
import dev.portway.routing.Lease;
import dev.portway.routing.LeaseRequest;
import dev.portway.routing.Listing;
import dev.portway.routing.Route;
import dev.portway.routing.RouteEdit;
import dev.portway.routing.RouteRegistry;
import dev.portway.routing.RouteTable;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes: listed, read, written through to the file, and leased. Thread-safe. */
@Path("/routes")
@Produces(MediaType.APPLICATION_JSON)
public final class RoutesResource {

    static final String MERGE_PATCH = "application/merge-patch+json";

    private final RouteRegistry registry;
    private final InstantSource clock;

    RoutesResource(RouteRegistry registry, InstantSource clock) {
        this.registry = requireNonNull(registry, "registry");
        this.clock = requireNonNull(clock, "clock");
    }

    @GET
    public Response list(@Context Request request) {
        RouteTable table = registry.current();
        Listing listing = registry.listing();
        Instant now = clock.instant();
        return EntityTags.unmet(request, listing.revision()).orElseGet(() -> {
            List<RouteView> views = listing.routes().stream()
                    .map(written -> RouteViews.of(written, listing.leases().get(written.id()), table, now))
                    .toList();
            return Response.ok(views).tag(EntityTags.of(listing.revision())).build();
        });
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public Response add(
            JsonBody body, @Context UriInfo uri, @Context HttpHeaders headers, @Context HttpServletRequest request)
            throws EditRefusedException {
        LeaseParameters.refuse(uri.getQueryParameters());
        RouteEdit.Add edit = new RouteEdit.Add(routesOf(body.json()));
        EditResult result = registry.update(edit, EntityTags.precondition(headers), AdminGuard.userOf(request));
        if (body.json().isArray()) {
            return Response.created(URI.create("routes")).entity(views(result)).build();
        }
        return answer(result.changes().get(0));
    }

    @GET
    @Path("{id}")
    public Response get(
            @PathParam("id") String id, @QueryParam("effective") @Nullable String effective, @Context Request request) {
        if (isSet("effective", effective)) {
            Route route = registry.current().route(id).orElseThrow(() -> notFound(id));
            return Response.ok(EffectiveRoute.json(route, written(id))).build();
        }
        WrittenRoute written = written(id);
        Lease lease = registry.listing().leases().get(id);
        return EntityTags.unmet(request, written.etag()).orElseGet(() -> tagged(Response.ok(), written, lease));
    }

    @PUT
    @Path("{id}")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public Response put(
            @PathParam("id") String id,
            JsonBody body,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context HttpServletRequest request)
            throws EditRefusedException {
        LeaseParameters lease = LeaseParameters.of(uri.getQueryParameters());
        if (lease.ttl() != null) {
            LeaseRequest wanted = new LeaseRequest(id, body.object(), lease.ttl(), lease.owner());
            return answer(registry.lease(wanted, EntityTags.precondition(headers))
                    .changes()
                    .get(0));
        }
        LeaseParameters.refuse(uri.getQueryParameters());
        RouteEdit edit = new RouteEdit.Put(id, body.object());
        return answer(registry.update(edit, EntityTags.precondition(headers), AdminGuard.userOf(request))
                .changes()
                .get(0));
    }

    @PATCH
    @Path("{id}")
    @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH, MediaType.APPLICATION_FORM_URLENCODED})
    public Response patch(
            @PathParam("id") String id,
            JsonBody body,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context HttpServletRequest request)
            throws EditRefusedException {
        LeaseParameters.refuse(uri.getQueryParameters());
        RouteEdit edit = new RouteEdit.Patch(id, body.object());
        return answer(registry.update(edit, EntityTags.precondition(headers), AdminGuard.userOf(request))
                .changes()
                .get(0));
    }

    @DELETE
    @Path("{id}")
    public void delete(
            @PathParam("id") String id,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context HttpServletRequest request)
            throws EditRefusedException {
        LeaseParameters lease = LeaseParameters.of(uri.getQueryParameters());
        if (lease.ttl() != null) {
            LeaseParameters.refuse(uri.getQueryParameters());
        }
        registry.update(
                new RouteEdit.Remove(id, lease.owner()), EntityTags.precondition(headers), AdminGuard.userOf(request));
    }

    @POST
    @Path("{id}/renew")
    public Response renew(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable String length,
            @Context UriInfo uri)
            throws EditRefusedException {
        if (length != null && !length.equals("0")) {
            throw new ProblemException(
                    ProblemType.BAD_PARAMETER,
                    "The body is not read (expected: none, and the time in the query: /routes/{id}/renew?ttl=30s).");
        }
        LeaseParameters parameters = LeaseParameters.of(uri.getQueryParameters());
        Lease lease = registry.renew(id, parameters.owner(), parameters.ttl());
        return tagged(Response.ok(), lease.route(), lease);
    }

    private static List<ObjectNode> routesOf(JsonNode json) {
        if (!json.isArray()) {
            return List.of(JsonBody.objectAt(json, "The body"));
        }
        if (json.isEmpty()) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY, "The array is empty (expected: at least one route).");
        }
        List<ObjectNode> routes = new ArrayList<>(json.size());
        for (JsonNode route : json) {
            routes.add(JsonBody.objectAt(route, "Element " + routes.size() + " of the array"));
        }
        return routes;
    }

    private Response answer(EditResult.Change change) {
        WrittenRoute written = change.route();
        return switch (change.kind()) {
            case CREATED -> tagged(Response.created(location(written.id())), written, change.lease());
            case REPLACED, UNCHANGED -> tagged(Response.ok(), written, change.lease());
            case REMOVED -> Response.noContent().build();
        };
    }

    private Response tagged(Response.ResponseBuilder builder, WrittenRoute written, @Nullable Lease lease) {
        return builder.entity(RouteViews.of(written, lease, registry.current(), clock.instant()))
                .tag(EntityTags.of(written.etag()))
                .build();
    }

    private List<RouteView> views(EditResult result) {
        RouteTable table = registry.current();
        return result.changes().stream()
                .map(change -> RouteViews.of(change.route(), change.lease(), table, clock.instant()))
                .toList();
    }

    private WrittenRoute written(String id) {
        return registry.listing().routes().stream()
                .filter(route -> route.id().equals(id))
                .findFirst()
                .orElseThrow(() -> notFound(id));
    }

    private static URI location(String id) {
        return UriBuilder.fromPath("routes").segment(id).build();
    }

    private static ProblemException notFound(String id) {
        return new ProblemException(
                ProblemType.ROUTE_NOT_FOUND, "There is no route with the id " + id + "; GET /routes lists them.");
    }

    private static boolean isSet(String name, @Nullable String flag) {
        if (flag == null || flag.equals("false")) {
            return false;
        }
        if (flag.isEmpty() || flag.equals("true")) {
            return true;
        }
        throw new ProblemException(ProblemType.BAD_PARAMETER, name + " is neither true nor false.");
    }
}
