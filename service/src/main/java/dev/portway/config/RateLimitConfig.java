package dev.portway.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * How much may pass; the {@code rateLimit} of a route or of {@code security}. Immutable.
 *
 * @param limits all of which must let a request through
 * @param shared whether it is that of {@code security}, which counts the requests of all routes that take it over together
 */
public record RateLimitConfig(List<LimitConfig> limits, boolean shared) {

    private static final String EXPECTED = "limits such as { \"requests\": 100, \"per\": \"1s\", \"key\": \"client\" }";

    public RateLimitConfig {
        limits = limits.stream().distinct().toList();
    }

    static RateLimitConfig readOwn(Cursor at) throws InvalidValueException {
        return new RateLimitConfig(readLimits(at), false);
    }

    static RateLimitConfig readShared(Cursor at) throws InvalidValueException {
        return new RateLimitConfig(readLimits(at), true);
    }

    private static List<LimitConfig> readLimits(Cursor at) throws InvalidValueException {
        return at.node().isArray() ? at.filledList(LimitConfig::read, EXPECTED) : List.of(LimitConfig.read(at));
    }

    ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        limits.forEach(limit -> json.add(limit.json()));
        return json;
    }
}
