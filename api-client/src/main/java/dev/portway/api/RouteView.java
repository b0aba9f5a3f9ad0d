package dev.portway.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One route as the file has it, or as it was leased, with read-only keys beside its own: {@code source}, where it is
 * written ({@code file} or {@code lease}), {@code status}, how it does by its backends ({@code up}, {@code down},
 * {@code unknown} or {@code disabled}), and of a leased one {@code lease}: {@code owner}, {@code ttl}, {@code expires} and
 * {@code secondsLeft}. Writing it back is fine: read-only keys are ignored there. Immutable.
 *
 * @param json the whole object, in the file's order: strings, numbers, booleans, null, lists and maps of these
 */
public record RouteView(@JsonValue Map<String, @Nullable Object> json) {

    /** A view that keeps a copy of {@code json}, nested lists and maps included. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RouteView {
        json = copy(json);
    }

    /** The route's id, unique in the file; {@code ""} if the object has none. */
    public String id() {
        return text("id");
    }

    /** Where the route is written: {@code file} or {@code lease}; {@code ""} if the object does not say. */
    public String source() {
        return text("source");
    }

    /** {@code up}, {@code down}, {@code unknown} or {@code disabled}; {@code ""} if the object does not say. */
    public String status() {
        return text("status");
    }

    private String text(String key) {
        return json.get(key) instanceof String text ? text : "";
    }

    private static Map<String, @Nullable Object> copy(Map<?, ? extends @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), frozen(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object frozen(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(frozen(element)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }
}
