package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A route's way to one backend. Immutable; the backend within lives.
 *
 * @param backend where requests go
 * @param config as written
 * @param weight share of the traffic beside the route's other targets; 0 takes none
 * @param hostHeader to send instead of the client's; null to preserve the client's
 * @param standing by the route's rule; null where failures eject nothing
 * @param window what keeps to {@code maxRequests}, shared by all who keep the same to this backend; null for any number
 */
public record Target(
        Backend backend,
        TargetConfig config,
        int weight,
        @Nullable String hostHeader,
        @Nullable Standing standing,
        @Nullable RequestWindow window)
        implements Pick {

    public Target {
        requireNonNull(backend, "backend");
        requireNonNull(config, "config");
    }

    public Target(Backend backend, TargetConfig config, @Nullable String hostHeader, @Nullable Standing standing) {
        this(backend, config, config.weight(), hostHeader, standing);
    }

    /** A way whose weight is not the written one. */
    public Target(
            Backend backend,
            TargetConfig config,
            int weight,
            @Nullable String hostHeader,
            @Nullable Standing standing) {
        this(
                backend,
                config,
                weight,
                hostHeader,
                standing,
                config.maxRequests() == null ? null : backend.window(config.maxRequests()));
    }

    /** With the base path and query to join. */
    public TargetUrl url() {
        return config.url();
    }

    /** As the configuration has it. */
    public TargetState state() {
        return config.state();
    }

    /** Whether a person lets it take new requests: the admin API's word, else the configuration's. */
    public boolean enabled() {
        TargetState override = backend.override();
        return (override == null ? state() : override) == TargetState.UP && weight() > 0;
    }

    /** Whether it could take one more request at this moment, of at most {@code limit} to a backend. */
    boolean open(int limit) {
        return hasPlace(limit) && (window == null || window.nanosUntilOpen() == 0);
    }

    private boolean hasPlace(int limit) {
        return backend.inFlight() < Math.min(limit, config.maxConcurrent());
    }

    /** Whether {@link #admits} would say so; changes nothing. */
    boolean due() {
        return standing == null || standing.due();
    }

    /** Whether a request may be sent there at this moment, as far as its standing goes. */
    boolean admits() {
        return standing == null || standing.admits();
    }

    /** What failures have led to until now, to be told with how a request that is sent now comes out; null where to nothing. */
    public Standing.@Nullable State standingNow() {
        return standing == null ? null : standing.state();
    }

    /** Whether it is back after an ejection, with little traffic. */
    boolean onTrial() {
        return standing != null && standing.state().phase() == Standing.Phase.TRIAL;
    }

    /**
     * Counts a request in, unless {@code limit} or {@code maxConcurrent} are in flight to the backend already, or
     * {@code maxRequests} have been sent.
     *
     * @return whether it was counted; if so, exactly one {@link Backend#end} must follow
     */
    public boolean begin(int limit) {
        return backend.begin(Math.min(limit, config.maxConcurrent()), window);
    }

    /** Takes back what {@link #begin} counted for a request that is not sent; who waits for the place is not told. */
    void takeBack() {
        backend.takeBack(window);
    }

    /** Takes back what {@link #begin} counted for a request that is not sent after all, in place of {@link Backend#end}. */
    public void notSent() {
        takeBack();
        backend.serveLine();
    }

    /** How long {@code maxRequests} alone keeps it from taking a request; null where nobody knows. */
    @Nullable
    Duration untilOpen(int limit) {
        return window == null || !hasPlace(limit) ? null : Duration.ofNanos(window.nanosUntilOpen());
    }

    /**
     * What stands in the request line to this target (RFC 9112, section 3.2): its base path and the request's joined by
     * exactly one slash, its base query and the request's by {@code &}, both byte for byte. Allocates nothing where this
     * is the path itself.
     *
     * @param path of the request, raw, dot segments resolved (else they could leave the base path); {@code *} stays
     * @param query of the request, raw, without {@code ?}; {@code ""} where there is nothing behind a {@code ?}, which
     *     stays; null for none
     */
    public String requestTarget(String path, @Nullable String query) {
        if (path.equals("*")) {
            return path;
        }
        TargetUrl url = url();
        String joined = url.path().isEmpty() ? path : url.path() + path;
        String base = url.query();
        if (base == null || base.isEmpty()) {
            return query == null ? joined : joined + "?" + query;
        }
        return query == null || query.isEmpty() ? joined + "?" + base : joined + "?" + base + "&" + query;
    }
}
