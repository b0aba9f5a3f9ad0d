package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.StatusView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The health page for people; what {@code /status} says for programs. Thread-safe. */
@Path("/")
public final class PageResource {

    private final AdminParts parts;
    private final PageAssets assets = PageAssets.load();
    private final String policy = assets.policy();

    PageResource(AdminParts parts) {
        this.parts = requireNonNull(parts, "parts");
    }

    @GET
    @Produces("text/html; charset=utf-8; qs=1.0")
    public Response page() {
        return Response.ok(new HealthPage(PageData.of(parts), assets).html())
                .header("Content-Security-Policy", policy)
                .build();
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON + "; qs=0.9")
    public StatusView summary() {
        return StatusViews.of(parts);
    }
}
