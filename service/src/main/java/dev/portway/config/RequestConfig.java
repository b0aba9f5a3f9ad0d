package dev.portway.config;

import static java.util.Objects.requireNonNull;

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
 * @param method sent in place of the client's; null for that
 * @param body sent in place of the client's; null for that
 * @param forwardQuery whether the client's query is sent on
 * @param query what is changed in the query
 */
public record RequestConfig(
        @Nullable HeaderEditsConfig headers,
        @Nullable Map<String, Template> replaceHeaders,
        @Nullable String method,
        @Nullable String body,
        boolean forwardQuery,
        QueryEditsConfig query) {

    /** As the client sent it. */
    public static final RequestConfig AS_SENT = ofHeaders(null);

    public RequestConfig {
        replaceHeaders =
                replaceHeaders == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(replaceHeaders));
        requireNonNull(query, "query");
    }

    static final Keys KEYS = Keys.of("headers", "replaceHeaders", "method", "body", "forwardQuery", "query")
            .with("headers", HeaderEditsConfig.KEYS)
            .with("replaceHeaders", Keys.ANY)
            .with("query", QueryEditsConfig.KEYS);

    /** Of {@code security}: what is the same for every backend. */
    static final Keys SHARED_KEYS = Keys.of("forwardQuery", "query").with("query", QueryEditsConfig.KEYS);

    /** As the client sent it, but for its fields. */
    static RequestConfig ofHeaders(@Nullable HeaderEditsConfig headers) {
        return new RequestConfig(headers, null, null, null, true, QueryEditsConfig.NONE);
    }

    /** The {@code request} of {@code security}, beside whose {@code headers} it is. */
    static RequestConfig readShared(Cursor at, RequestConfig headers) throws InvalidValueException {
        Members in = at.members(SHARED_KEYS);
        return new RequestConfig(
                headers.headers,
                null,
                null,
                null,
                in.get("forwardQuery", true, Cursor::bool),
                in.get("query", QueryEditsConfig.NONE, QueryEditsConfig::read));
    }

    /** @param inherited whose headers and query hold where the route says nothing of them */
    static RequestConfig read(Cursor at, RequestConfig inherited) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new RequestConfig(
                RulesConfig.rule(in, "headers", inherited.headers, HeaderEditsConfig::ofRequest),
                in.get("replaceHeaders", HeaderEditsConfig::readReplacement),
                in.get("method", RequestConfig::readMethod),
                in.get("body", body -> body.text("a body", "a string, which is sent as it is in UTF-8")),
                in.get("forwardQuery", inherited.forwardQuery, Cursor::bool),
                readQuery(in, inherited.query));
    }

    private static QueryEditsConfig readQuery(Members in, QueryEditsConfig inherited) {
        QueryEditsConfig query = RulesConfig.rule(in, "query", inherited, QueryEditsConfig::read);
        return query == null ? QueryEditsConfig.NONE : query;
    }

    private static String readMethod(Cursor at) throws InvalidValueException {
        String method = Token.method(at);
        if (method.equals("CONNECT")) {
            throw new InvalidValueException("opens a tunnel", "a method that requests have, such as \"POST\"");
        }
        return method;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("headers", headers == null ? json.booleanNode(false) : headers.json());
        json.set("replaceHeaders", replaceHeaders == null ? null : HeaderEditsConfig.json(replaceHeaders));
        json.put("method", method);
        json.put("body", body == null ? null : body.length() + " characters");
        json.put("forwardQuery", forwardQuery);
        json.set("query", query.json());
        return json;
    }
}
