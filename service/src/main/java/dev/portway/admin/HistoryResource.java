package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.ChangeView;
import dev.portway.config.HistoryEntry;
import dev.portway.routing.EditRefusedException;
import dev.portway.routing.RouteRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last changes of the file, and how to take one back. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class HistoryResource {

    private final RouteRegistry registry;

    HistoryResource(RouteRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
    }

    /** The tag is read first: if a change comes in between, it is one that no longer matches. */
    @GET
    @Path("history")
    public Response history() {
        String revision = registry.listing().revision();
        List<ChangeView> views = ChangeViews.of(registry.history());
        return Response.ok(views).tag(EntityTags.of(revision)).build();
    }

    @POST
    @Path("undo")
    public Response undo(
            @QueryParam("change") @Nullable String change,
            @Context HttpHeaders headers,
            @Context HttpServletRequest request)
            throws EditRefusedException {
        HistoryEntry made = registry.undo(number(change), EntityTags.precondition(headers), AdminGuard.userOf(request));
        return Response.ok(ChangeViews.of(made))
                .tag(EntityTags.of(registry.listing().revision()))
                .build();
    }

    private static @Nullable Long number(@Nullable String change) {
        if (change == null) {
            return null;
        }
        try {
            return Long.valueOf(change);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    ProblemType.BAD_PARAMETER, "change is not a number (expected: one that GET /history lists).");
        }
    }
}
