package dev.portway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One of the two ways to write {@code routes}, and how a change is written in it. Implementations are immutable. */
sealed interface RouteForm permits RouteListForm, RouteObjectForm {

    JsonPointer ROUTES = JsonPointer.compile("/routes");

    /** The form of a valid document. */
    static RouteForm of(ConfigDocument document) {
        return of(document.text());
    }

    private static RouteForm of(String document) {
        try {
            JsonText text = JsonText.parse(document);
            return text.isArray(ROUTES) ? new RouteListForm(text) : new RouteObjectForm(text);
        } catch (IOException e) {
            throw new IllegalStateException("an edit was asked of a document that is not valid JSON", e);
        }
    }

    RouteDraft add(List<ObjectNode> routes) throws UnwritableRouteException;

    RouteDraft replace(WrittenRoute route, ObjectNode next) throws UnwritableRouteException;

    RouteDraft remove(WrittenRoute route);

    /** Several changes at once: what is replaced, what is taken away, then what is added behind the last one. */
    default RouteDraft change(
            Map<WrittenRoute, ObjectNode> replaced, List<WrittenRoute> removed, List<ObjectNode> added)
            throws UnwritableRouteException {
        RouteForm form = this;
        for (Map.Entry<WrittenRoute, ObjectNode> each : replaced.entrySet()) {
            form = of(form.replace(each.getKey(), each.getValue()).text());
        }
        for (int i = removed.size() - 1; i >= 0; i--) { // the last first, so that the others stay where they are
            form = of(form.remove(removed.get(i)).text());
        }
        return form.add(added);
    }

    /** The id a route has if it says none: made from host and path. Empty if these cannot be read. */
    static Optional<String> madeId(ObjectNode route) {
        try {
            List<String> hosts = new ArrayList<>();
            for (JsonNode host : hosts(route)) {
                hosts.add(HostName.pattern(host.asText()));
            }
            JsonNode path = route.path("path");
            return Optional.of(RouteId.of(hosts, path.isTextual() ? PathPrefix.parse(path.textValue()) : "/"));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** What {@code host} says, as a list. */
    static List<JsonNode> hosts(ObjectNode route) {
        JsonNode host = route.path("host");
        List<JsonNode> hosts = new ArrayList<>();
        if (host.isArray()) {
            host.forEach(hosts::add);
        } else if (!host.isMissingNode()) {
            hosts.add(host);
        }
        return hosts;
    }

    static boolean sameHostAndPath(ObjectNode a, ObjectNode b) {
        return Objects.equals(a.get("host"), b.get("host")) && Objects.equals(a.get("path"), b.get("path"));
    }

    /** The same route with this id, said first. */
    static ObjectNode withId(ObjectNode route, String id) {
        ObjectNode named = JsonNodeFactory.instance.objectNode().put("id", id);
        named.setAll(withoutId(route));
        return named;
    }

    static ObjectNode withoutId(ObjectNode route) {
        ObjectNode copy = route.deepCopy();
        copy.remove("id");
        return copy;
    }
}
