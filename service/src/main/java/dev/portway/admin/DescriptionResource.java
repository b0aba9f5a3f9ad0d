package dev.portway.admin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;

/** The API and the configuration file, described for programs. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DescriptionResource {

    DescriptionResource() {}

    @GET
    @Path("openapi.json")
    public InputStream openApi() {
        return resource("/openapi.json");
    }

    @GET
    @Path("schema/config.json")
    public InputStream configSchema() {
        return resource("/config.schema.json");
    }

    private static InputStream resource(String name) {
        InputStream stream = DescriptionResource.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException(name + " is not in the jar");
        }
        return stream;
    }
}
