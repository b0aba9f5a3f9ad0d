package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import dev.portway.observe.PrometheusText;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.StreamingOutput;

/** Everything that is measured, in Prometheus' text format. Thread-safe. */
@Path("/prometheus")
public final class PrometheusResource {

    private final PrometheusText text;

    PrometheusResource(PrometheusText text) {
        this.text = requireNonNull(text, "text");
    }

    @GET
    @Produces(PrometheusText.CONTENT_TYPE)
    public StreamingOutput metrics() {
        return text::write;
    }
}
