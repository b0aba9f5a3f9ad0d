package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One route, to read and to write. What it keeps is the whole JSON object, in its order: a key that this version of the
 * library has no method for is there in {@link #json()}, and is written back as it was. Immutable.
 *
 * @param json the whole object: strings, numbers, booleans, null, lists and maps of these
 */
public record Route(@JsonValue Map<String, @Nullable Object> json) {

    /**
     * A route that keeps a copy of {@code json}, nested lists and maps included.
     *
     * @throws NullPointerException if {@code json} is null
     * @throws IllegalArgumentException if a value within has no JSON that would be read as the same value
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Route {
        json = copy(requireNonNull(json, "json"));
    }

    /** A builder of a route that has no key yet. */
    public static Builder builder() {
        return new Builder(Map.of());
    }

    /** A builder of a route that begins as this one. */
    public Builder toBuilder() {
        return new Builder(json);
    }

    /** Unique among the routes; {@code ""} for a route that has none yet, which the server then makes of host and path. */
    public String id() {
        return text("id");
    }

    /** The hosts that it is for; empty for any host. */
    public List<String> hosts() {
        return texts("host");
    }

    /** The prefix of the paths that it is for; empty for any path. */
    public Optional<String> path() {
        return Optional.of(text("path")).filter(path -> !path.isEmpty());
    }

    /** The methods that it is for; empty for any method. */
    public List<String> methods() {
        return texts("methods");
    }

    /**
     * Where its requests go, as URLs: {@code 3000} in the file is {@code http://localhost:3000} here. Empty for a route that
     * answers without a target. Weights and the like are in {@link #json()}.
     */
    public List<String> targets() {
        Object one = json.get("target");
        List<?> all = json.get("targets") instanceof List<?> list ? list : one == null ? List.of() : List.of(one);
        return all.stream().map(Route::url).filter(url -> !url.isEmpty()).toList();
    }

    /** Whether it takes requests; true unless {@code enabled} is false. */
    public boolean enabled() {
        return !Boolean.FALSE.equals(json.get("enabled"));
    }

    /** What the route's author noted beside it; empty where nothing is. */
    public Map<String, @Nullable Object> metadata() {
        return json.get("metadata") instanceof Map<?, ?> map ? copy(map) : Map.of();
    }

    /** Where it is written: {@code file} or {@code lease}; {@code ""} in a route that no server sent. Read-only. */
    public String source() {
        return text("source");
    }

    /**
     * How it does by its backends: {@code up}, {@code down}, {@code unknown} or {@code disabled}; {@code ""} in a route that
     * no server sent. Read-only.
     */
    public String status() {
        return text("status");
    }

    private static String url(@Nullable Object target) {
        if (target instanceof Number port) {
            return "http://localhost:" + port;
        }
        if (target instanceof Map<?, ?> map) {
            return url(map.get("url"));
        }
        return target instanceof String text ? text : "";
    }

    private String text(String key) {
        return json.get(key) instanceof String text ? text : "";
    }

    private List<String> texts(String key) {
        Object value = json.get(key);
        if (value instanceof String text) {
            return List.of(text);
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, @Nullable Object> copy(Map<?, ? extends @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), frozen(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object frozen(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(frozen(element)));
            return Collections.unmodifiableList(copy);
        }
        throw new IllegalArgumentException("a value of " + value.getClass().getName()
                + " (expected: a string, a number, a boolean, null, or a list or map of these)");
    }

    /** Says a {@link Route} key by key. Each method replaces what its key said before. Confined to one thread. */
    public static final class Builder {

        private final Map<String, @Nullable Object> json;

        private Builder(Map<String, @Nullable Object> json) {
            this.json = new LinkedHashMap<>(json);
        }

        /** The id; made of host and path by the server where this is not called. */
        public Builder id(String id) {
            return set("id", requireNonNull(id, "id"));
        }

        /** The host, or several: exact names, or {@code *.suffix}. With none, the route is for any host. */
        public Builder host(String... hosts) {
            return switch (hosts.length) {
                case 0 -> remove("host");
                case 1 -> set("host", hosts[0]);
                default -> set("host", List.of(hosts));
            };
        }

        /** The prefix of the paths, on segment boundaries: {@code /v1} is for {@code /v1} and {@code /v1/x}. */
        public Builder path(String path) {
            return set("path", requireNonNull(path, "path"));
        }

        /** The one target: a port of this machine. */
        public Builder target(int port) {
            return remove("targets").set("target", port);
        }

        /** The one target: a URL such as {@code http://localhost:3000} or {@code unix:/run/app.sock}. */
        public Builder target(String url) {
            return remove("targets").set("target", requireNonNull(url, "url"));
        }

        /** Several targets, each a URL; see {@link #set} for ones with weights. */
        public Builder targets(String... urls) {
            return remove("target").set("targets", List.of(urls));
        }

        /** Several targets, each a port of this machine. */
        public Builder targets(int... ports) {
            return remove("target").set("targets", Arrays.stream(ports).boxed().toList());
        }

        /** The methods that it is for: {@code GET}. With none, the route is for any method. */
        public Builder methods(String... methods) {
            return methods.length == 0 ? remove("methods") : set("methods", List.of(methods));
        }

        /** Whether it takes requests. */
        public Builder enabled(boolean enabled) {
            return set("enabled", enabled);
        }

        /** A note beside the others in {@code metadata}. */
        public Builder metadata(String name, @Nullable Object value) {
            Map<String, @Nullable Object> notes = new LinkedHashMap<>();
            if (json.get("metadata") instanceof Map<?, ?> present) {
                present.forEach((key, note) -> notes.put(String.valueOf(key), note));
            }
            notes.put(requireNonNull(name, "name"), value);
            return set("metadata", notes);
        }

        /**
         * Any key of the configuration file with its value as JSON, such as
         * {@code set("health", Map.of("path", "/up", "interval", "5s"))}.
         *
         * @param value a string, number, boolean, null, or a list or map of these
         */
        public Builder set(String key, @Nullable Object value) {
            json.put(requireNonNull(key, "key"), value);
            return this;
        }

        /** Leaves a key out, if it is there. */
        public Builder remove(String key) {
            json.remove(requireNonNull(key, "key"));
            return this;
        }

        /**
         * The route.
         *
         * @throws IllegalArgumentException if a value given to {@link #set} cannot be JSON
         */
        public Route build() {
            return new Route(json);
        }
    }
}
