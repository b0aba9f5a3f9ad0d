package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may pass, how much of it and in what form: a route's rules, or those of the file's {@code security}. Each key of a
 * route stands in place of the whole key of {@code security}, and is switched off by {@code false}. Immutable.
 *
 * @param filter what a request may be; null for anything
 * @param cors which pages of other origins may use it; null where browsers are told nothing
 * @param rateLimit how much may pass; null for any amount
 * @param request how it is sent on
 * @param response how its response is passed on
 * @param clients from where requests may come; null for anywhere
 * @param auth who may use it; null for anybody
 * @param rewrite what becomes of its path
 * @param redirect where it is sent, instead of to a target; null for nowhere
 * @param respond what it is answered, instead of by a target; null for nothing
 * @param compression of its response; null for none
 * @param reserved headers in which some route of the file tells its backend who asks: no client may send them by any
 *     route, since a backend may be that of several
 * @param unread by key, rules that have placeholders, as the file has them
 */
public record RulesConfig(
        @Nullable FilterConfig filter,
        @Nullable CorsConfig cors,
        @Nullable RateLimitConfig rateLimit,
        RequestConfig request,
        ResponseConfig response,
        @Nullable ClientsConfig clients,
        @Nullable AuthConfig auth,
        RewriteConfig rewrite,
        @Nullable RedirectConfig redirect,
        @Nullable RespondConfig respond,
        @Nullable CompressionConfig compression,
        Set<String> reserved,
        Map<String, JsonNode> unread) {

    public static final RulesConfig NONE = new RulesConfig(
            null,
            null,
            null,
            RequestConfig.AS_SENT,
            ResponseConfig.AS_SENT,
            null,
            null,
            RewriteConfig.NONE,
            null,
            null,
            null,
            Set.of(),
            Map.of());

    public RulesConfig {
        requireNonNull(request, "request");
        requireNonNull(response, "response");
        reserved = Set.copyOf(reserved);
        requireNonNull(rewrite, "rewrite");
        unread = Map.copyOf(unread);
    }

    /** The keys of the rules of a route. */
    static final List<String> KEYS = List.of(
            "filter",
            "cors",
            "rateLimit",
            "request",
            "response",
            "clients",
            "auth",
            "rewrite",
            "redirect",
            "respond",
            "compression");

    /** Rules of which a route may take over a part. */
    private static final List<String> IN_PARTS = List.of("request", "response");

    /** The keys of {@code security}. */
    static final Keys SECURITY_KEYS = Keys.of(
                    "cors", "rateLimit", "auth", "headers", "filter", "clients", "compression", "request", "rewrite")
            .with("filter", FilterConfig.KEYS)
            .with("cors", CorsConfig.KEYS)
            .withEach("rateLimit", LimitConfig.KEYS)
            .with("headers", HeadersConfig.KEYS)
            .with("clients", ClientsConfig.KEYS)
            .with("auth", AuthConfig.KEYS)
            .with("compression", CompressionConfig.KEYS)
            .with("request", RequestConfig.SHARED_KEYS)
            .with("rewrite", RewriteConfig.KEYS);

    /** The rules of {@code security}. */
    static RulesConfig readSecurity(Cursor at) throws InvalidValueException {
        Members in = at.members(SECURITY_KEYS);
        HeadersConfig headers = in.get("headers", HeadersConfig.NONE, HeadersConfig::read);
        return new RulesConfig(
                rule(in, "filter", null, FilterConfig::read),
                isEmpty(in, "cors") ? null : rule(in, "cors", null, CorsConfig::read),
                isEmpty(in, "rateLimit") ? null : rule(in, "rateLimit", null, RateLimitConfig::readShared),
                in.get(
                        "request",
                        headers.ofRequests(),
                        request -> RequestConfig.readShared(request, headers.ofRequests())),
                headers.ofResponses(),
                rule(in, "clients", null, ClientsConfig::read),
                isEmpty(in, "auth")
                        ? AuthConfig.askingNobody(in.at().member("auth"))
                        : rule(in, "auth", null, AuthConfig::read),
                orElse(rule(in, "rewrite", null, RewriteConfig::read), RewriteConfig.NONE),
                null,
                null,
                in.get("compression", Optional.<CompressionConfig>empty(), CompressionConfig::read)
                        .orElse(null),
                Set.of(),
                unreadSecurity(in));
    }

    /**
     * The rules of a route.
     *
     * @param in the route's own members
     * @param security what holds where the route says nothing
     */
    static RulesConfig read(Members in, RulesConfig security) {
        return new RulesConfig(
                rule(in, "filter", security.filter, FilterConfig::read),
                rule(in, "cors", security.cors, CorsConfig::read),
                rule(in, "rateLimit", security.rateLimit, RateLimitConfig::readOwn),
                orElse(
                        rule(in, "request", security.request, at -> RequestConfig.read(at, security.request)),
                        RequestConfig.AS_SENT),
                orElse(
                        rule(in, "response", security.response, at -> ResponseConfig.read(at, security.response)),
                        ResponseConfig.AS_SENT),
                rule(in, "clients", security.clients, ClientsConfig::read),
                rule(in, "auth", security.auth, AuthConfig::read),
                readRewrite(in, security.rewrite),
                in.get("redirect", RedirectConfig::read),
                in.get("respond", RespondConfig::read),
                in.get("compression", Optional.ofNullable(security.compression), CompressionConfig::read)
                        .orElse(null),
                Set.of(),
                unread(in, security.unread));
    }

    /** A route that answers itself has no path to send on. */
    private static RewriteConfig readRewrite(Members in, RewriteConfig inherited) {
        boolean answers = in.has("redirect") || in.has("respond");
        return orElse(
                rule(in, "rewrite", answers ? RewriteConfig.NONE : inherited, RewriteConfig::read), RewriteConfig.NONE);
    }

    /** Of {@code security}, whose {@code headers} are parts of two rules of a route. */
    private static Map<String, JsonNode> unreadSecurity(Members in) {
        Map<String, JsonNode> unread = unread(in, Map.of());
        for (String key : IN_PARTS) {
            JsonNode headers = in.at().written().path("headers").path(key);
            if (Placeholders.anyWithin(headers)) {
                ObjectNode parts = JsonNodeFactory.instance.objectNode();
                if (unread.get(key) instanceof ObjectNode others) {
                    parts.setAll(others);
                }
                unread.put(key, parts.set("headers", headers));
            }
        }
        return unread;
    }

    /** @param inherited of the keys that are not among the members */
    private static Map<String, JsonNode> unread(Members in, Map<String, JsonNode> inherited) {
        Map<String, JsonNode> unread = new HashMap<>(inherited);
        for (String key : KEYS) {
            if (in.has(key)) {
                JsonNode written = in.at().member(key).written();
                JsonNode before = unread.remove(key);
                JsonNode whole = IN_PARTS.contains(key)
                                && before instanceof ObjectNode parts
                                && written instanceof ObjectNode own
                        ? parts.deepCopy().setAll(own)
                        : written;
                if (Placeholders.anyWithin(whole)) {
                    unread.put(key, whole);
                }
            }
        }
        return unread;
    }

    /** The same rules where no client may send these headers. */
    RulesConfig reserving(Set<String> headers) {
        return new RulesConfig(
                filter,
                cors,
                rateLimit,
                request,
                response,
                clients,
                auth,
                rewrite,
                redirect,
                respond,
                compression,
                headers,
                unread);
    }

    /** Those that keep requests out which take no route, since they are for other hosts. */
    RulesConfig forOtherHosts(@Nullable AuthConfig auth, @Nullable RateLimitConfig rateLimit) {
        return new RulesConfig(
                filter,
                null,
                rateLimit,
                RequestConfig.AS_SENT,
                ResponseConfig.AS_SENT,
                clients,
                auth,
                RewriteConfig.NONE,
                null,
                null,
                null,
                reserved,
                Map.of());
    }

    /** Adds to {@code headers} those in which backends are told who asks. */
    void addIdentity(Set<String> headers) {
        if (auth != null) {
            headers.addAll(auth.identity().keySet());
            headers.addAll(auth.forward() == null ? List.of() : auth.forward().copy());
        }
    }

    private static <T> T orElse(@Nullable T rule, T none) {
        return rule == null ? none : rule;
    }

    /** In {@code security} a rule may be there, but empty, as if it were not. */
    private static boolean isEmpty(Members in, String key) {
        Cursor rule = in.at().member(key);
        return rule.node().isObject() && rule.node().isEmpty();
    }

    /** A rule under {@code key}: null where it is {@code false}, the inherited one where there is nothing. */
    static <T> @Nullable T rule(Members in, String key, @Nullable T inherited, ValueReader<T> reader) {
        if (!in.has(key)) {
            return inherited;
        }
        Cursor rule = in.at().member(key);
        return rule.node().isBoolean() && !rule.node().booleanValue() ? null : in.get(key, reader);
    }

    /**
     * The rules in the words of a route, with every default written out and every secret left out; what has a placeholder as
     * it is written.
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("filter", filter == null ? json.booleanNode(false) : filter.json());
        json.set("cors", cors == null ? json.booleanNode(false) : cors.json());
        json.set("rateLimit", rateLimit == null ? json.booleanNode(false) : rateLimit.json());
        json.set("request", request.json());
        json.set("response", response.json());
        json.set("clients", clients == null ? json.booleanNode(false) : clients.json());
        json.set("auth", auth == null ? json.booleanNode(false) : auth.json());
        json.set("rewrite", rewrite.json());
        json.set("compression", compression == null ? json.booleanNode(false) : compression.json());
        if (redirect != null) {
            json.set("redirect", redirect.json());
        }
        if (respond != null) {
            json.set("respond", respond.json());
        }
        unread.forEach((key, written) -> json.set(key, Placeholders.putBack(json.path(key), written)));
        return json;
    }
}
