package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a response may be; the {@code response} of a {@code filter}. Immutable.
 *
 * @param statuses let out; empty for any
 * @param types of bodies let out; empty for any
 * @param maxBody bytes of a body; {@link FilterConfig#ANY} for any number
 * @param maxHeaders header fields; {@link FilterConfig#ANY} for any number
 * @param maxHeaderBytes of all header fields together; {@link FilterConfig#ANY} for any number
 */
public record ResponseFilterConfig(
        List<StatusRange> statuses, List<MediaRange> types, int maxBody, int maxHeaders, int maxHeaderBytes) {

    public ResponseFilterConfig {
        statuses = List.copyOf(statuses);
        types = List.copyOf(types);
    }

    static final Keys KEYS = Keys.of("statuses", "types", "maxBody", "maxHeaders", "maxHeaderBytes");

    private static final String EXPECTED_STATUSES = "a list such as [\"200-399\", 404]";

    static ResponseFilterConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new ResponseFilterConfig(
                in.get("statuses", List.of(), list -> list.filledList(StatusRange::read, EXPECTED_STATUSES)),
                in.get("types", List.of(), FilterConfig::readTypes),
                in.get("maxBody", FilterConfig.ANY, FilterConfig::readBody),
                in.get("maxHeaders", FilterConfig.ANY, FilterConfig::readHeaders),
                in.get("maxHeaderBytes", FilterConfig.ANY, FilterConfig::readHeaderBytes));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        statuses.forEach(status -> json.withArray("statuses").add(status.toString()));
        types.forEach(type -> json.withArray("types").add(type.toString()));
        FilterConfig.put(json, "maxBody", maxBody);
        if (maxHeaders != FilterConfig.ANY) {
            json.put("maxHeaders", maxHeaders);
        }
        FilterConfig.put(json, "maxHeaderBytes", maxHeaderBytes);
        return json;
    }
}
