package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.api.ExplainView;
import dev.portway.routing.Explanation;
import dev.portway.routing.Lease;
import dev.portway.routing.RouteRegistry;
import dev.portway.routing.SampleRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Explains which route a request would take; nothing is sent and nothing changes. Thread-safe. */
@Path("/explain")
@Produces(MediaType.APPLICATION_JSON)
public final class ExplainResource {

    private static final Set<String> KEYS = Set.of("url", "method", "headers");

    private static final TypeReference<Map<String, Object>> RULES = new TypeReference<>() {};

    private final RouteRegistry registry;
    private final InstantSource clock;

    ExplainResource(RouteRegistry registry, InstantSource clock) {
        this.registry = requireNonNull(registry, "registry");
        this.clock = requireNonNull(clock, "clock");
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
    public ExplainView explain(JsonBody body) {
        return view(registry.current().explain(sample(body.object())));
    }

    private static SampleRequest sample(ObjectNode body) {
        body.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw malformed("unknown key " + key + " (expected: url, method or headers).");
            }
        });
        String method = body.has("method") ? text(body, "method") : "GET";
        try {
            return SampleRequest.of(method, text(body, "url"), headers(body.path("headers")));
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage() + ".");
        }
    }

    private static Map<String, String> headers(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        ObjectNode object = JsonBody.objectAt(node, "headers");
        Map<String, String> headers = new HashMap<>();
        object.fieldNames().forEachRemaining(name -> headers.put(name, text(object, name)));
        return headers;
    }

    private static String text(ObjectNode object, String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isTextual()) {
            throw malformed(key + (value == null ? " is missing" : " is " + JsonBody.kindOf(value))
                    + " (expected: a string, as in {\"url\": \"http://api.local/v1\", \"method\": \"GET\"}).");
        }
        return value.textValue();
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ProblemType.MALFORMED_BODY, detail);
    }

    private ExplainView view(Explanation explanation) {
        String taken = explanation.routeId();
        Lease lease = taken == null ? null : registry.listing().leases().get(taken);
        return new ExplainView(
                explanation.host(),
                explanation.path(),
                explanation.routeId(),
                explanation.passedOver().stream()
                        .map(route ->
                                new ExplainView.PassedOver(route.routeId(), written(route.reason()), route.because()))
                        .toList(),
                explanation.destinations().stream()
                        .map(to ->
                                new ExplainView.Destination(to.backendId(), to.url(), to.hostHeader(), to.candidate()))
                        .toList(),
                explanation.routeId() == null
                        ? Map.of()
                        : WireFormat.MAPPER.convertValue(explanation.rules().json(), RULES),
                explanation.mistakenForId(),
                lease == null ? null : LeaseViews.view(lease, clock.instant()));
    }

    private static String written(Explanation.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
