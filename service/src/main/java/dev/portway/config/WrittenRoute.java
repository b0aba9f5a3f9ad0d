package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One route as the file has it. Immutable by agreement: nobody changes {@code json}.
 *
 * @param id unique in the file
 * @param pointer where it stands, as a JSON pointer: {@code /routes/3}, or {@code /routes/shop.local~1cart} in a file
 *     of the object form
 * @param json the route object with every {@code ${NAME}} unread; of the object form, the list form of the same route,
 *     with {@code id}, {@code host} and {@code path} from its key
 * @param etag quoted, of the content of {@code json}, the same for the same content however it is spaced
 */
public record WrittenRoute(String id, String pointer, ObjectNode json, String etag) {

    /**
     * A target's URL with its placeholders unread, which may stand for secrets; empty where it has none.
     *
     * @param index in the order of the file
     */
    public Optional<String> urlWithPlaceholders(int index) {
        JsonNode target =
                json.has("target") ? json.path("target") : json.path("targets").path(index);
        return withPlaceholders(target.isObject() ? target.path("url") : target);
    }

    /** The same of {@code hostHeader}. */
    public Optional<String> hostHeaderWithPlaceholders() {
        return withPlaceholders(json.path("hostHeader"));
    }

    /**
     * What was made of one of its keys, for people to see: with the file's text wherever a placeholder stands.
     *
     * @param made what {@code key} is in the words of the file
     */
    public JsonNode unread(String key, JsonNode made) {
        return Placeholders.putBack(made, json.path(key));
    }

    private static Optional<String> withPlaceholders(JsonNode value) {
        return Placeholders.anyIn(value) ? Optional.of(value.textValue()) : Optional.empty();
    }
}
