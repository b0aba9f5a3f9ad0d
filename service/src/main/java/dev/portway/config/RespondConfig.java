package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers instead of having a target; its {@code respond}. Immutable.
 *
 * @param status 200 to 599
 * @param body the same for everybody; empty where it comes from a file
 * @param file whose content is the body, as it was when the configuration was read; null for none
 * @param headers beside those that every response has
 */
public record RespondConfig(
        int status, String body, @Nullable AnswerFile file, Map<String, Template> headers) {

    public RespondConfig {
        requireNonNull(body, "body");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    static final Keys KEYS = Keys.of("status", "body", "file", "headers").with("headers", Keys.ANY);

    static RespondConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        RespondConfig answer = new RespondConfig(
                in.get("status", 200, status -> status.integer(200, 599, "a status")),
                in.get("body", "", body -> body.text("a body", "a string, which is sent as it is in UTF-8")),
                in.get("file", AnswerFile::read),
                in.get("headers", Map.of(), HeaderEditsConfig::readAnswer));
        boolean bodiless = answer.status == 204 || answer.status == 205 || answer.status == 304;
        if (bodiless && (!answer.body.isEmpty() || in.has("file"))) {
            at.keyError(
                    in.has("file") ? "file" : "body",
                    "a " + answer.status + " has no body (expected: another status, or none)");
        }
        if (in.has("file") && in.has("body")) {
            at.keyError("file", "there is a body already (expected: \"body\" or \"file\")");
        }
        return answer;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", status);
        if (file == null) {
            json.put("body", body.length() + " characters");
        } else {
            json.put("file", file.name()).put("body", file.content().remaining() + " bytes");
        }
        json.set("headers", HeaderEditsConfig.json(headers));
        return json;
    }
}
