package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.api.ValidationView;
import dev.portway.config.ConfigFormat;
import dev.portway.config.ConfigReader;
import dev.portway.config.ReadResult;
import dev.portway.routing.RouteRegistry;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Says what is wrong with a whole configuration, and changes nothing. Thread-safe. */
@Path("/validate")
@Produces(MediaType.APPLICATION_JSON)
public final class ValidateResource {

    private final ConfigReader reader;
    private final java.nio.file.Path file;
    private final RouteRegistry registry;

    /**
     * Validates with {@code reader}.
     *
     * @param file against whose folder relative paths within are resolved
     * @param registry whose configuration says which files are looked at
     */
    ValidateResource(ConfigReader reader, java.nio.file.Path file, RouteRegistry registry) {
        this.reader = requireNonNull(reader, "reader");
        this.file = requireNonNull(file, "file");
        this.registry = requireNonNull(registry, "registry");
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public ValidationView validate(JsonBody body) {
        JsonBody.objectAt(body.json(), "The body");
        ReadResult result = reader.read(body.text(), ConfigFormat.JSON, file, registry.namedFiles());
        return new ValidationView(
                result.errors().isEmpty(),
                ProblemEntries.errors(result.problems()),
                ProblemEntries.warnings(result.problems()));
    }
}
