package dev.portway.config;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a request that is not answered yet is sent to a second target besides; {@code hedge} of a route's {@code retry}.
 * Immutable.
 *
 * @param after how long it has not been answered; null for longer than 95 of 100 requests of the route lately
 */
public record HedgeConfig(@Nullable Duration after) {

    static final HedgeConfig DEFAULT = new HedgeConfig(null);

    static final Keys KEYS = Keys.of("after");

    private static final String P95 = "p95";

    /** An object, or {@code true} for the defaults; empty for {@code false}. */
    static Optional<HedgeConfig> read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readSwitch(at) ? Optional.of(DEFAULT) : Optional.empty();
        }
        Optional<Duration> after = at.members(KEYS).get("after", Optional.empty(), HedgeConfig::readAfter);
        return Optional.of(new HedgeConfig(after.orElse(null)));
    }

    private static boolean readSwitch(Cursor at) throws InvalidValueException {
        try {
            return at.bool();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "does not say when to ask a second target",
                    "true, false, or { ... } with " + String.join(", ", KEYS.names()));
        }
    }

    /** Empty for {@code p95}. */
    private static Optional<Duration> readAfter(Cursor at) throws InvalidValueException {
        return P95.equals(at.node().textValue()) ? Optional.empty() : Optional.of(WrittenDuration.orP95(at));
    }

    /** As the file has it. */
    public String written() {
        return after == null ? P95 : WrittenDuration.written(after);
    }
}
