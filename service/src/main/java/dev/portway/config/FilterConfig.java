package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request and its response may be; the {@code filter} of a route or of {@code security}. Immutable.
 *
 * @param methods let through; empty for any
 * @param blockedPaths prefixes, normalised, of paths that are not let through, however a backend may read them
 * @param refusedPaths what no path may have in it
 * @param types of bodies let through; empty for any
 * @param maxBody bytes of a body; {@link #ANY} for any number
 * @param maxHeaders header fields; {@link #ANY} for any number
 * @param maxHeaderBytes of all header fields together; {@link #ANY} for as many as the listener takes
 * @param maxUrl characters of path and query; {@link #ANY} for as many as the listener takes
 * @param response what the response may be; null for anything
 */
public record FilterConfig(
        List<String> methods,
        List<String> blockedPaths,
        List<PathTrick> refusedPaths,
        List<MediaRange> types,
        int maxBody,
        int maxHeaders,
        int maxHeaderBytes,
        int maxUrl,
        @Nullable ResponseFilterConfig response) {

    /** No limit. */
    public static final int ANY = -1;

    public FilterConfig {
        methods = List.copyOf(methods);
        blockedPaths = List.copyOf(blockedPaths);
        refusedPaths = List.copyOf(refusedPaths);
        types = List.copyOf(types);
    }

    static final Keys KEYS = Keys.of(
                    "methods",
                    "blockedPaths",
                    "refusedPaths",
                    "types",
                    "maxBody",
                    "maxHeaders",
                    "maxHeaderBytes",
                    "maxUrl",
                    "response")
            .with("response", ResponseFilterConfig.KEYS);

    private static final String EXPECTED_METHODS = "a list such as [\"GET\", \"HEAD\"]";
    private static final String EXPECTED_PATHS = "a list such as [\"/.git\", \"/internal\"]";
    private static final String EXPECTED_TRICKS = "a list such as [\"dot-segments\", \"double-slashes\"]";
    private static final String EXPECTED_TYPES = "a list such as [\"application/json\", \"image/*\"]";
    private static final int KIB = 1024;
    private static final int MAX_BODY = 2047 * KIB * KIB;

    /** A filter of methods and paths alone. */
    public static FilterConfig of(List<String> methods, List<String> blockedPaths) {
        return new FilterConfig(methods, blockedPaths, List.of(), List.of(), ANY, ANY, ANY, ANY, null);
    }

    static FilterConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new FilterConfig(
                in.get("methods", List.of(), methods -> methods.filledList(Token::method, EXPECTED_METHODS)),
                in.get("blockedPaths", List.of(), paths -> paths.filledList(PathPrefix::read, EXPECTED_PATHS)),
                in.get("refusedPaths", List.of(), tricks -> tricks.filledList(PathTrick::read, EXPECTED_TRICKS)),
                in.get("types", List.of(), FilterConfig::readTypes),
                in.get("maxBody", ANY, FilterConfig::readBody),
                in.get("maxHeaders", ANY, FilterConfig::readHeaders),
                in.get("maxHeaderBytes", ANY, FilterConfig::readHeaderBytes),
                in.get("maxUrl", ANY, size -> WrittenSize.read(size, 1, KIB * KIB)),
                in.get("response", ResponseFilterConfig::read));
    }

    static List<MediaRange> readTypes(Cursor at) throws InvalidValueException {
        return at.filledList(MediaRange::read, EXPECTED_TYPES);
    }

    static int readHeaders(Cursor at) throws InvalidValueException {
        return at.integer(1, 10_000, "a number of headers");
    }

    static int readHeaderBytes(Cursor at) throws InvalidValueException {
        return WrittenSize.read(at, 1, KIB * KIB);
    }

    static int readBody(Cursor at) throws InvalidValueException {
        return WrittenSize.read(at, 0, MAX_BODY);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        methods.forEach(json.putArray("methods")::add);
        blockedPaths.forEach(json.putArray("blockedPaths")::add);
        refusedPaths.forEach(trick -> json.withArray("refusedPaths").add(trick.written()));
        types.forEach(type -> json.withArray("types").add(type.toString()));
        put(json, "maxBody", maxBody);
        if (maxHeaders != ANY) {
            json.put("maxHeaders", maxHeaders);
        }
        put(json, "maxHeaderBytes", maxHeaderBytes);
        put(json, "maxUrl", maxUrl);
        if (response != null) {
            json.set("response", response.json());
        }
        return json;
    }

    static void put(ObjectNode json, String key, int bytes) {
        if (bytes != ANY) {
            json.put(key, WrittenSize.written(bytes));
        }
    }
}
