package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The routes of a file in its order, from the list form or the object form. Confined. */
final class RouteList {

    private final List<RouteConfig> routes = new ArrayList<>();
    private final List<WrittenRoute> written = new ArrayList<>();
    private final List<Cursor> places = new ArrayList<>(); // of routes, by index
    private final Map<String, String> pointers = new HashMap<>(); // by id

    List<RouteConfig> routes() {
        return routes;
    }

    List<WrittenRoute> written() {
        return written;
    }

    /** Reads {@code routes} in either form. */
    RouteList read(Cursor at, Surroundings around) throws InvalidValueException {
        if (at.node().isArray()) {
            for (int i = 0; i < at.node().size(); i++) {
                Cursor item = at.item(i);
                add(item, place -> RouteConfig.read(place, around), route -> (ObjectNode) item.written());
            }
        } else if (at.node().isObject()) {
            for (Cursor member : at.each()) {
                addKeyed(at, member, around);
            }
        } else {
            throw new InvalidValueException(
                    "is neither a list nor an object", "a list of routes, or an object from host or path to target");
        }
        ShadowedRoutes.warn(routes, places);
        return this;
    }

    private void addKeyed(Cursor at, Cursor member, Surroundings around) {
        String key = member.key();
        int slash = key.indexOf('/');
        try {
            if (key.contains("${")) {
                throw new InvalidValueException(
                        "has a placeholder, which only values may have", "the list form, with \"host\" and \"path\"");
            }
            if (key.contains("://")) {
                throw new InvalidValueException("is a URL", "a host, a path or both, such as \"shop.local/cart\"");
            }
            List<String> host =
                    slash == 0 ? List.of() : List.of(HostName.pattern(slash < 0 ? key : key.substring(0, slash)));
            String path = slash < 0 ? "/" : PathPrefix.parse(key.substring(slash));
            add(member, place -> readKeyed(place, host, path, around), route -> listForm(route, key, member.written()));
        } catch (InvalidValueException e) {
            at.keyError(key, "the key \"" + key + "\" " + e.getMessage());
        }
    }

    private static RouteConfig readKeyed(Cursor at, List<String> host, String path, Surroundings around)
            throws InvalidValueException {
        if (at.node().isObject()) {
            return RouteConfig.readKeyed(at, host, path, around);
        }
        List<TargetConfig> targets = at.node().isArray()
                ? RouteConfig.readTargets(at, around.own(), HealthConfig.DEFAULT)
                : List.of(TargetConfig.readShort(at, around.own()));
        return RouteConfig.of(host, path, targets).with(around.security());
    }

    /** The list form of a route of the object form, placeholders unread. */
    private static ObjectNode listForm(RouteConfig route, String key, JsonNode value) {
        int slash = key.indexOf('/');
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", route.id());
        if (slash != 0) {
            json.put("host", slash < 0 ? key : key.substring(0, slash));
        }
        if (slash >= 0) {
            json.put("path", key.substring(slash));
        }
        if (value instanceof ObjectNode object) {
            return json.setAll(object);
        }
        return json.set(value.isArray() ? "targets" : "target", value);
    }

    private void add(Cursor at, ValueReader<RouteConfig> reader, Function<RouteConfig, ObjectNode> json) {
        int errors = at.problems().errors();
        RouteConfig route = at.read(reader);
        if (route == null) {
            return;
        }
        boolean sound = at.problems().errors() == errors;
        boolean ownId = route.id().equals(at.node().path("id").textValue());
        // An id made from a host or path that could not be read says nothing.
        if (!(sound || ownId) || isTaken(at, route.id(), ownId) || !sound) {
            return;
        }
        routes.add(route);
        places.add(at);
        ObjectNode object = json.apply(route);
        written.add(new WrittenRoute(route.id(), at.pointer(), object, EntityTag.of(object)));
    }

    private boolean isTaken(Cursor at, String id, boolean ownId) {
        String other = pointers.putIfAbsent(id, at.pointer());
        if (other == null) {
            return false;
        }
        if (ownId) {
            Cursor said = at.member("id");
            said.error(said.mention("\"" + id + "\"") + " is the id of " + other + " too (expected: another one)");
        } else {
            boolean hidden =
                    at.member("host").hasPlaceholder() || at.member("path").hasPlaceholder();
            at.error("the id" + (hidden ? "" : " \"" + id + "\"") + ", made from host and path, is that of " + other
                    + " too (expected: an \"id\" of its own)");
        }
        return true;
    }
}
