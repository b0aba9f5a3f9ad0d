package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One place requests may go. Immutable.
 *
 * @param url the origin, with the base path and query joined to every request's own
 * @param weight share of the traffic beside the other targets, 0..1000; 0 takes none
 * @param state whether it takes new requests
 * @param tls in place of the route's; null for the route's
 * @param maxConcurrent requests in flight to its backend at which it takes no more; {@link #ANY_NUMBER} for no such limit
 * @param maxRequests sent to it in a span of time; null for any number
 * @param slowStart the time in which its share grows to what its weight says, once it takes requests again;
 *     {@link Duration#ZERO} for at once
 * @param resolve what its name stands for
 * @param health in place of the route's, what it does not say taken from there; null for the route's
 */
public record TargetConfig(
        TargetUrl url,
        int weight,
        TargetState state,
        @Nullable BackendTlsConfig tls,
        int maxConcurrent,
        @Nullable RateConfig maxRequests,
        Duration slowStart,
        @Nullable HealthConfig health,
        Resolve resolve) {

    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    public TargetConfig {
        requireNonNull(url, "url");
        requireNonNull(state, "state");
        requireNonNull(slowStart, "slowStart");
        requireNonNull(resolve, "resolve");
    }

    /** A target without limits, which has its whole share at once, and its route's check. */
    public TargetConfig(TargetUrl url, int weight, TargetState state, @Nullable BackendTlsConfig tls) {
        this(url, weight, state, tls, ANY_NUMBER, null, Duration.ZERO, null, Resolve.ONE);
    }

    /** A target with weight 1 that is up. */
    public static TargetConfig of(TargetUrl url) {
        return new TargetConfig(url, 1, TargetState.UP, null);
    }

    static final Keys KEYS = Keys.of(
                    "url", "weight", "state", "tls", "maxConcurrent", "maxRequests", "slowStart", "health", "resolve")
            .with("tls", BackendTlsConfig.KEYS)
            .with("health", HealthConfig.KEYS)
            .with("maxRequests", RateConfig.KEYS);

    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_CONCURRENT = 100_000;

    /** The value of {@code target}, or an item of {@code targets} in its short form. */
    static TargetConfig readShort(Cursor at, Listeners own) throws InvalidValueException {
        TargetUrl url = TargetUrl.read(at);
        own.refuse(url);
        return of(url);
    }

    /**
     * An item of {@code targets} in either form.
     *
     * @param routeHealth what its own check is based on
     */
    static TargetConfig read(Cursor at, Listeners own, HealthConfig routeHealth) throws InvalidValueException {
        if (!at.node().isObject()) {
            return readShort(at, own);
        }
        Members in = at.members(KEYS);
        TargetConfig target =
                in.require("url", "a URL such as \"http://localhost:3000\", or a port", url -> readShort(url, own));
        int weight = in.get("weight", 1, number -> number.integer(0, MAX_WEIGHT, "a weight"));
        TargetState state = in.get("state", TargetState.UP, TargetState::read);
        BackendTlsConfig tls = in.get("tls", BackendTlsConfig::read);
        if (tls != null && target != null && !target.url.secure()) {
            at.keyError("tls", "\"tls\" is for targets that speak it (expected: an https:// or h2:// URL beside it)");
        }
        HealthConfig health = in.get("health", check -> HealthConfig.read(check, routeHealth));
        if (health != null && health.port() != 0 && target != null && target.url.local()) {
            at.keyError("health", HealthConfig.NO_PORT);
        }
        Resolve resolve = in.get("resolve", Resolve.ONE, Resolve::read);
        if (resolve.several() && target != null && !target.url.resolvable()) {
            at.keyError("resolve", "\"resolve\" is for names that are looked up (expected: such a URL beside it)");
        }
        if (resolve == Resolve.SRV && target != null && !target.url.hasOwnPort()) {
            at.keyError("url", "\"url\" has a port, which SRV records tell (expected: the same without one)");
        }
        // Its place is kept by a stand-in, so that the checks of the whole list see every weight.
        return new TargetConfig(
                target == null ? TargetUrl.ofPort(1) : target.url,
                weight,
                state,
                tls,
                in.get("maxConcurrent", ANY_NUMBER, count -> count.integer(1, MAX_CONCURRENT, "a number of requests")),
                in.get("maxRequests", RateConfig::read),
                in.get("slowStart", Duration.ZERO, WrittenDuration::orNone),
                health,
                resolve);
    }
}
