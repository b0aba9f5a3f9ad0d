package dev.portway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code routes} as an object from a host, a path prefix or both to where such requests go. */
record RouteObjectForm(JsonText text) implements RouteForm {

    @Override
    public RouteDraft add(List<ObjectNode> routes) throws UnwritableRouteException {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        List<String> pointers = new ArrayList<>();
        for (ObjectNode route : routes) {
            String key = key(route);
            JsonPointer pointer = ROUTES.appendProperty(key);
            if (text.has(pointer) || members.containsKey(key)) {
                throw taken(key);
            }
            members.put(key, shortest(value(route, false)));
            pointers.add(pointer.toString());
        }
        return new RouteDraft(text.insert(ROUTES, members).text(), pointers);
    }

    @Override
    public RouteDraft replace(WrittenRoute route, ObjectNode next) throws UnwritableRouteException {
        JsonPointer pointer = JsonPointer.compile(route.pointer());
        JsonNode before = text.value(pointer);
        ObjectNode named = RouteForm.withId(next, route.id());
        boolean sameKey = RouteForm.sameHostAndPath(route.json(), next);
        ObjectNode value = value(named, before.has("id"));
        JsonText changed = text.set(pointer, before.isObject() ? value : shortest(value));
        if (sameKey) {
            return new RouteDraft(changed.text(), List.of(route.pointer()));
        }
        String key = key(next);
        JsonPointer moved = ROUTES.appendProperty(key);
        if (text.has(moved) && !moved.equals(pointer)) {
            throw taken(key);
        }
        return new RouteDraft(changed.rename(pointer, key).text(), List.of(moved.toString()));
    }

    @Override
    public RouteDraft remove(WrittenRoute route) {
        return new RouteDraft(text.remove(JsonPointer.compile(route.pointer())).text(), List.of());
    }

    /** What is left to say under the key; the id only where it is not the key's own, or was there before. */
    private static ObjectNode value(ObjectNode route, boolean idSaid) {
        boolean made = RouteForm.madeId(route)
                .filter(id -> id.equals(route.path("id").textValue()))
                .isPresent();
        ObjectNode value = made && !idSaid ? RouteForm.withoutId(route) : route.deepCopy();
        value.remove(List.of("host", "path"));
        return value;
    }

    /** A port, a URL or a list where that says it all. */
    private static JsonNode shortest(ObjectNode value) {
        JsonNode target = value.path("target");
        if (value.size() == 1 && (target.isNumber() || target.isTextual())) {
            return target;
        }
        JsonNode targets = value.path("targets");
        return value.size() == 1 && targets.isArray() ? targets : value;
    }

    private static String key(ObjectNode route) throws UnwritableRouteException {
        List<JsonNode> hosts = RouteForm.hosts(route);
        if (hosts.size() > 1) {
            throw new UnwritableRouteException("a key of \"routes\" says one host and this route has " + hosts.size()
                    + " (expected: one, or \"routes\" written as a list)");
        }
        JsonNode path = route.path("path");
        String host = hosts.isEmpty() ? "" : part(hosts.get(0), "host");
        if (path.isMissingNode()) {
            return host.isEmpty() ? "/" : host;
        }
        String prefix = part(path, "path");
        boolean anyPath = prefix.equals("/") && !host.isEmpty();
        return anyPath ? host : host + prefix;
    }

    /** Checked here, since what is not a host or a path could make a key that means something else. */
    private static String part(JsonNode value, String name) throws UnwritableRouteException {
        try {
            if (!value.isTextual()) {
                throw new InvalidValueException("cannot be part of a key of \"routes\"", "a string");
            }
            String unused =
                    name.equals("host") ? HostName.pattern(value.textValue()) : PathPrefix.parse(value.textValue());
            return value.textValue();
        } catch (InvalidValueException e) {
            String complaint = value + " " + e.getMessage();
            throw new UnwritableRouteException(
                    new Problem(Problem.Severity.ERROR, "/" + name, value.toString(), complaint, 0, 0));
        }
    }

    private static UnwritableRouteException taken(String key) {
        return new UnwritableRouteException(
                "\"routes\" has the key \"" + key
                        + "\" already, and an object has each key once (expected: another host or path, or \"routes\" written as a list)");
    }
}
