package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.TunnelView;
import dev.portway.tunnel.Tunnel;
import dev.portway.tunnel.TunnelEnd;
import dev.portway.tunnel.Tunnels;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnels that are open, and how to close one. Thread-safe. */
@Path("/tunnels")
@Produces(MediaType.APPLICATION_JSON)
public final class TunnelsResource {

    private static final Logger LOGGER = LoggerFactory.getLogger(TunnelsResource.class);

    private final Tunnels tunnels;

    TunnelsResource(Tunnels tunnels) {
        this.tunnels = requireNonNull(tunnels, "tunnels");
    }

    @GET
    public List<TunnelView> list() {
        return TunnelViews.of(tunnels);
    }

    @DELETE
    @Path("{id}")
    public void close(@PathParam("id") String id) {
        Tunnel tunnel = tunnels.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.TUNNEL_NOT_FOUND,
                        "There is no open tunnel with the id " + id + "; GET /tunnels lists them."));
        tunnel.close(TunnelEnd.ADMIN);
        LOGGER.info("tunnel {} to {} closed", id, tunnel.subject().backend());
    }
}
