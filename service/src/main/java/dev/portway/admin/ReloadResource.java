package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.ReloadView;
import dev.portway.routing.RouteRegistry;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Reads the file now. Thread-safe. */
@Path("/reload")
@Produces(MediaType.APPLICATION_JSON)
public final class ReloadResource {

    private final RouteRegistry registry;

    ReloadResource(RouteRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
    }

    @POST
    public ReloadView reload() {
        ReloadView view = ReloadViews.of(registry.reload());
        if (!view.applied()) {
            throw new ProblemException(ProblemType.INVALID_CONFIGURATION.with(
                    "The file cannot be used as it is, so the routes stay as they were. Correct it and reload.",
                    view.errors()));
        }
        return view;
    }
}
