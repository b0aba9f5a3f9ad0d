package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.StatusView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** How the proxy does: for people, for scripts, and for the probes of containers. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class StatusResource {

    private final AdminParts parts;

    StatusResource(AdminParts parts) {
        this.parts = requireNonNull(parts, "parts");
    }

    @GET
    @Path("status")
    public StatusView status() {
        return StatusViews.of(parts);
    }

    @GET
    @Path("live")
    public Map<String, String> live() {
        return Map.of("status", "up");
    }

    @GET
    @Path("ready")
    public Response ready() {
        boolean ready = parts.ready().getAsBoolean();
        return Response.status(ready ? 200 : 503)
                .entity(Map.of("status", ready ? "ready" : "starting"))
                .build();
    }
}
