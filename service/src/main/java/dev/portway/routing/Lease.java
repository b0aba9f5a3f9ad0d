package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.config.LeaseJournal;
import dev.portway.config.RouteConfig;
import dev.portway.config.WrittenRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A route that somebody has for a while: not in the file, and gone when it is not renewed. Thread-safe. */
public final class Lease {

    /** The shortest time to live: what expires is looked for once a second. */
    public static final Duration MIN_TTL = Duration.ofSeconds(1);

    /** The longest. */
    public static final Duration MAX_TTL = Duration.ofHours(24);

    private final WrittenRoute route;
    private final RouteConfig config;
    private final @Nullable String owner;
    private volatile Term term; // written under the registry's lock, read by any thread

    Lease(WrittenRoute route, RouteConfig config, @Nullable String owner, Term term) {
        this.route = requireNonNull(route, "route");
        this.config = requireNonNull(config, "config");
        this.owner = owner;
        this.term = requireNonNull(term, "term");
    }

    public String id() {
        return route.id();
    }

    /** The route as it was sent. */
    public WrittenRoute route() {
        return route;
    }

    /** Who may renew it; null for anybody who names no owner either. */
    public @Nullable String owner() {
        return owner;
    }

    /** Until when, unless it is renewed. */
    public Term term() {
        return term;
    }

    RouteConfig config() {
        return config;
    }

    boolean isOf(@Nullable String other) {
        return Objects.equals(owner, other);
    }

    boolean alive(Instant now) {
        return now.isBefore(term.expires());
    }

    void extend(Term next) {
        term = next;
    }

    LeaseJournal.Entry kept() {
        return new LeaseJournal.Entry(id(), route.json(), owner, term.ttl(), term.expires());
    }

    /** By whom and for how much longer, to continue a sentence. */
    String held(Instant now) {
        long seconds = Math.max(1, term.secondsLeft(now));
        return "leased" + (owner == null ? "" : " by \"" + owner + "\"") + " for another " + seconds
                + (seconds == 1 ? " second" : " seconds");
    }

    /**
     * How long a lease lives.
     *
     * @param ttl from one renewal to the next, at most
     * @param expires when it is over
     */
    public record Term(Duration ttl, Instant expires) {

        public Term {
            requireNonNull(ttl, "ttl");
            requireNonNull(expires, "expires");
        }

        static Term from(Instant now, Duration ttl) {
            return new Term(ttl, now.plus(ttl));
        }

        /** Rounded up, 0 for one that is over. */
        public long secondsLeft(Instant now) {
            Duration left = Duration.between(now, expires);
            return left.isNegative() ? 0 : left.plusMillis(999).toSeconds();
        }
    }
}
