package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    /** Keys of which no backend is told; of any other, and of those that are to come, one might be. */
    private static final Set<String> KEPT_BACK = Set.of(
            "id",
            "host",
            "path",
            "methods",
            "headers",
            "enabled",
            "metadata",
            "loadBalancing",
            "sticky",
            "ejection",
            "retry",
            "waitForBackend",
            "queue",
            "timeouts",
            "upgrades",
            "filter",
            "cors",
            "rateLimit",
            "response",
            "clients",
            "auth",
            "redirect",
            "respond",
            "compression");

    /** Where its targets are; of that, their hosts are sent paths and queries. */
    private static final Pattern ADDRESS = Pattern.compile("/target|/targets/[0-9]+(/url)?");

    /** Of a path, which a target's URL is read without. */
    private static final Pattern SLASHES_AT_END = Pattern.compile("/+(?=\\?|$)");

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
     * Where placeholders stand, as pointers within the route, whose values one of its targets is sent.
     *
     * @param index in the order of the file
     * @param url that target's, read
     */
    public List<String> sentPlaceholders(int index, TargetUrl url) {
        List<String> pointers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!KEPT_BACK.contains(member.getKey())) {
                Placeholders.collect(member.getValue(), Reading.pointer("", member.getKey()), pointers);
            }
        }
        String own = "/targets/" + index;
        pointers.removeIf(pointer -> pointer.startsWith("/targets/") && !(pointer + "/").startsWith(own + "/"));
        if (!urlWithPlaceholders(index).map(text -> reachesPath(text, url)).orElse(false)) {
            pointers.removeIf(pointer -> ADDRESS.matcher(pointer).matches());
        }
        return pointers;
    }

    /** Whether a placeholder of a URL stands for any of its path or query. What is before these, its host knows of itself. */
    private static boolean reachesPath(String text, TargetUrl url) {
        String sent = url.path() + (url.query() == null ? "" : "?" + url.query());
        String literal = text.substring(text.lastIndexOf('}') + 1);
        return !sent.isEmpty()
                && !SLASHES_AT_END.matcher(literal).replaceFirst("").endsWith(sent);
    }

    /**
     * How one of its targets is known, and what it is shown: the target's own {@code tls}, or else the route's; a missing node
     * for neither.
     *
     * @param index in the order of the file
     */
    public JsonNode tls(int index) {
        JsonNode own = json.path("targets").path(index).path("tls");
        return own.isMissingNode() ? json.path("tls") : own;
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
