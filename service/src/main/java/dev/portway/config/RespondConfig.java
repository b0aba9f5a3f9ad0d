package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a route answers instead of having a target; its {@code respond}. Immutable.
 *
 * @param status 200 to 599
 * @param body the same for everybody
 * @param headers beside those that every response has
 */
public record RespondConfig(int status, String body, Map<String, Template> headers) {

    public RespondConfig {
        requireNonNull(body, "body");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    static final Keys KEYS = Keys.of("status", "body", "headers").with("headers", Keys.ANY);

    static RespondConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        RespondConfig answer = new RespondConfig(
                in.get("status", 200, status -> status.integer(200, 599, "a status")),
                in.get("body", "", body -> body.text("a body", "a string, which is sent as it is in UTF-8")),
                in.get("headers", Map.of(), HeaderEditsConfig::readAnswer));
        if (!answer.body.isEmpty() && (answer.status == 204 || answer.status == 205 || answer.status == 304)) {
            at.keyError("body", "a " + answer.status + " has no body (expected: another status, or none)");
        }
        return answer;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", status).put("body", body.length() + " characters");
        json.set("headers", HeaderEditsConfig.json(headers));
        return json;
    }
}
