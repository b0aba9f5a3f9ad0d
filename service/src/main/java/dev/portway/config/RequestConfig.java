package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a request is sent on; the {@code request} of a route. Immutable.
 *
 * @param headers what is changed in its fields; null for nothing
 * @param replaceHeaders sent in place of the client's own; null for those
 */
public record RequestConfig(
        @Nullable HeaderEditsConfig headers, @Nullable Map<String, Template> replaceHeaders) {

    /** As the client sent it. */
    public static final RequestConfig AS_SENT = new RequestConfig(null, null);

    public RequestConfig {
        replaceHeaders =
                replaceHeaders == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(replaceHeaders));
    }

    static final Keys KEYS = Keys.of("headers", "replaceHeaders")
            .with("headers", HeaderEditsConfig.KEYS)
            .with("replaceHeaders", Keys.ANY);

    /** @param inherited whose headers hold where the route says nothing of them */
    static RequestConfig read(Cursor at, RequestConfig inherited) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new RequestConfig(
                RulesConfig.rule(in, "headers", inherited.headers, HeaderEditsConfig::ofRequest),
                in.get("replaceHeaders", HeaderEditsConfig::readReplacement));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("headers", headers == null ? json.booleanNode(false) : headers.json());
        json.set("replaceHeaders", replaceHeaders == null ? null : HeaderEditsConfig.json(replaceHeaders));
        return json;
    }
}
