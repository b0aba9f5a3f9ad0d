package dev.portway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.HealthConfig;
import dev.portway.config.TargetState;
import dev.portway.upstream.Backend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person changes about a backend until restart. Immutable.
 *
 * @param setsState whether {@code state} is to be set
 * @param state null for the configuration's
 * @param setsPath whether {@code path} is to be set
 * @param path that its check asks for; null for the configuration's
 */
record BackendPatch(
        boolean setsState,
        @Nullable TargetState state,
        boolean setsPath,
        @Nullable String path) {

    private static final String EXPECTED = "expected: {\"state\": ...} or {\"health\": {\"path\": ...}}";

    /** Reads one that can be applied to this backend. */
    static BackendPatch of(ObjectNode body, Backend backend) {
        onlyKeys(body, List.of("state", "health"), "");
        if (body.isEmpty()) {
            throw refused("There is nothing to set (" + EXPECTED + ").");
        }
        JsonNode health = body.path("health");
        if (body.has("health")) {
            if (!health.isObject() || !health.has("path")) {
                throw refused("health is not an object with a path (" + EXPECTED + ").");
            }
            onlyKeys((ObjectNode) health, List.of("path"), "health.");
            HealthConfig check = backend.identity().health();
            if (check == null || check.tcp()) {
                throw refused("Backend " + backend
                        + " has no check by HTTP whose path could be set (try: \"health\" in its route).");
            }
        }
        return new BackendPatch(body.has("state"), state(body), body.has("health"), path(health));
    }

    void apply(Backend backend) {
        if (setsState) {
            backend.override(state);
        }
        if (setsPath) {
            backend.checkPath(path);
        }
    }

    /** For the log, without the query of the path. */
    @Override
    public String toString() {
        List<String> changes = new ArrayList<>();
        if (setsState) {
            changes.add("state set to " + (state == null ? "the configuration's" : BackendViews.written(state)));
        }
        if (setsPath) {
            changes.add("path of its check set to " + (path == null ? "the configuration's" : withoutQuery(path)));
        }
        return String.join(", ", changes);
    }

    /** A query may be a secret. */
    static String withoutQuery(String path) {
        int mark = path.indexOf('?');
        return mark < 0 ? path : path.substring(0, mark);
    }

    private static @Nullable TargetState state(ObjectNode body) {
        JsonNode value = body.path("state");
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        TargetState state = BackendViews.state(value.asText());
        if (state == null) {
            throw refused("state is not one that a backend can have (expected: up, drain, down or null).");
        }
        return state;
    }

    private static @Nullable String path(JsonNode health) {
        JsonNode value = health.path("path");
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual() || !HealthConfig.isPath(value.textValue())) {
            throw refused("health.path is not a path (expected: such as \"/health\", or null).");
        }
        return value.textValue();
    }

    private static void onlyKeys(ObjectNode object, List<String> known, String prefix) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw refused(prefix + name + " cannot be set here (" + EXPECTED
                        + "); what a route says is changed at /routes.");
            }
        }
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemType.INVALID_CONFIGURATION, detail);
    }
}
