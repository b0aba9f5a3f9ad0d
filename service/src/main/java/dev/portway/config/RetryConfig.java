package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a request that failed at one backend is sent again; a route's {@code retry}. Immutable.
 *
 * @param attempts in all, the first included, 1..{@value #MAX_ATTEMPTS}; 1 for no retries
 * @param statuses of responses that are not passed on while another attempt can be made
 * @param timeouts whether a response that does not come in time is a reason, too
 * @param budget percent of the requests that may be sent again, of those that a backend may have worked on, 0..100
 * @param within no attempt begins later than this after the request came in
 * @param hedge when a second target is asked besides, before the first has failed; null for never
 */
public record RetryConfig(
        int attempts,
        List<StatusRange> statuses,
        boolean timeouts,
        int budget,
        Duration within,
        @Nullable HedgeConfig hedge) {

    public static final RetryConfig DEFAULT = new RetryConfig(3, List.of(), false, 20, Duration.ofMinutes(1), null);

    /** Only what a backend has certainly not looked at is sent again. */
    public static final RetryConfig NEVER = new RetryConfig(1, List.of(), false, 0, Duration.ofMinutes(1), null);

    public RetryConfig {
        statuses = List.copyOf(statuses);
        requireNonNull(within, "within");
    }

    static final Keys KEYS = Keys.of("attempts", "statuses", "timeouts", "budget", "within", "hedge")
            .with("hedge", HedgeConfig.KEYS);

    private static final int MAX_ATTEMPTS = 10;
    private static final String EXPECTED_STATUSES = "a list such as [502, \"503-504\"]";

    /** An object, {@code true} for the defaults, or {@code false} for never. */
    static RetryConfig read(Cursor at) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readSwitch(at) ? DEFAULT : NEVER;
        }
        Members in = at.members(KEYS);
        RetryConfig retry = new RetryConfig(
                in.get("attempts", DEFAULT.attempts, count -> count.integer(1, MAX_ATTEMPTS, "a number of attempts")),
                in.get("statuses", DEFAULT.statuses, list -> list.list(RetryConfig::readStatus, EXPECTED_STATUSES)),
                in.get("timeouts", DEFAULT.timeouts, Cursor::bool),
                in.get("budget", DEFAULT.budget, percent -> percent.integer(0, 100, "a number of percent")),
                in.get("within", DEFAULT.within, WrittenDuration::read),
                in.get("hedge", Optional.<HedgeConfig>empty(), HedgeConfig::read)
                        .orElse(null));
        if (retry.hedge != null && (retry.attempts == 1 || retry.budget == 0)) {
            at.member("hedge")
                    .error(
                            "\"hedge\" can send nothing (expected: \"attempts\" of 2 or more and a \"budget\" above 0 beside it)");
        }
        return retry;
    }

    private static boolean readSwitch(Cursor at) throws InvalidValueException {
        try {
            return at.bool();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(
                    "is not a rule for retries", "true, false, or { ... } with " + String.join(", ", KEYS.names()));
        }
    }

    /** Those of success are answers. */
    private static StatusRange readStatus(Cursor at) throws InvalidValueException {
        StatusRange range = StatusRange.read(at);
        if (range.from() < 400) {
            throw new InvalidValueException("is no failure", "statuses from 400 to 599");
        }
        return range;
    }

    /** Whether a response of this status is not passed on while another attempt can be made. */
    public boolean unwelcome(int status) {
        for (int i = 0; i < statuses.size(); i++) {
            if (statuses.get(i).contains(status)) {
                return true;
            }
        }
        return false;
    }
}
