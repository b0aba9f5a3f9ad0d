package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.BackendTlsConfig;
import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.ProxyProtocol;
import dev.portway.config.RateConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address requests are sent to, and what is known about it while traffic flows. Lives in a {@link BackendPool} as
 * long as any route uses it, so that editing one route forgets nothing of another's backends. Thread-safe.
 *
 * <p>Those who forward, check and administer know this class alone; each thing that is known is kept by one behind it:
 * {@link Load}, {@link Line}, {@link LostHedges}, {@link Standings}, {@link AdministrativeState}, {@link LastingWork}. It passes
 * on to one what another of them has to hear.
 */
public final class Backend {

    private static final AtomicReferenceFieldUpdater<Backend, Condition> CONDITION =
            AtomicReferenceFieldUpdater.newUpdater(Backend.class, Condition.class, "condition");

    private final BackendPool pool;
    private final Identity identity;
    private final Load load = new Load();
    private final Line line = new Line();
    private final LostHedges lostHedges = new LostHedges();
    private final Standings standings;
    private final AdministrativeState administrative;
    private final LastingWork lasting;
    private final LongAdder failures = new LongAdder();
    private final ConcurrentHashMap<RateConfig, RequestWindow> windows = new ConcurrentHashMap<>();
    private volatile String id; // written by the pool under its lock, read by any thread
    private volatile Condition condition; // written by the health checks and by traffic through CONDITION
    private volatile boolean silent; // written by those who hold requests for it, read by any thread
    private volatile @Nullable Failure lastFailure; // written by whoever saw it, read by any thread

    Backend(BackendPool pool, Identity identity, String id, Instant now) {
        this.pool = requireNonNull(pool, "pool");
        this.identity = requireNonNull(identity, "identity");
        this.id = requireNonNull(id, "id");
        this.standings = new Standings(pool);
        this.administrative = new AdministrativeState(now);
        this.lasting = new LastingWork(administrative);
        this.condition = new Condition(Condition.Health.UNKNOWN, now, null);
    }

    public Identity identity() {
        return identity;
    }

    /** Names it in logs, metrics and the admin API: {@code localhost:3000}. */
    public String id() {
        return id;
    }

    /** Gives it the name of one that is gone from the same place. */
    void id(String id) {
        this.id = id;
    }

    /** Takes over what a person set for another at the same place, whose check or trust was edited: it holds until a restart. */
    void succeed(Backend other) {
        HealthConfig check = identity.health();
        HealthConfig before = other.identity.health();
        boolean sameCheck = check != null && before != null && check.path().equals(before.path());
        administrative.succeed(other.administrative, sameCheck);
    }

    /** Forgets what was counted by rules that no route of the table in force has, which holds these. */
    public void keepOnly(Set<EjectionConfig> rules, Set<RateConfig> rates) {
        standings.keepOnly(rules);
        windows.keySet().retainAll(rates);
    }

    /** What the strategies compare it by. */
    Load load() {
        return load;
    }

    /** Requests sent and not yet answered whole. */
    public int inFlight() {
        return load.inFlight();
    }

    /**
     * Counts a request as sent to this backend, unless {@code limit} are in flight already, or the window lets none pass.
     *
     * @param window null for any number of requests
     * @return whether it was counted; if so, exactly one {@link #end} must follow
     */
    boolean begin(int limit, @Nullable RequestWindow window) {
        return load.begin(limit, window);
    }

    /** Ends what {@link #begin} counted, and lets the first go that waits for the place. */
    public void end() {
        load.end();
        serveLine();
    }

    /** Takes back what {@link #begin} counted for a request that is not sent. */
    void takeBack(@Nullable RequestWindow window) {
        load.takeBack(window);
    }

    Line line() {
        return line;
    }

    /** Requests that wait for it: for a place, or until something listens. */
    public int waiting() {
        return line.length();
    }

    /** Lets go all that wait for it and can be taken now: places are not given back only, there may come to be more. */
    public void serveLine() {
        line.serve();
    }

    /** Whether nothing listens there, as far as those know who hold requests for it. */
    public boolean silent() {
        return silent;
    }

    /** Nothing listens there: who is held for it stays so until {@link #heard}. */
    public void unheard() {
        silent = true;
    }

    /** Something listens there: lets go all that were held for it, as many as it takes. */
    public void heard() {
        silent = false;
        serveLine();
    }

    /** Requests sent since it came into the pool. */
    public long requests() {
        return load.requests();
    }

    /** Of those, the ones it failed: not reached, broken off, or not answered in time. */
    public long failures() {
        return failures.sum();
    }

    /** Records the time from the request sent to the head of the response. */
    public void recordLatency(long nanos) {
        load.recordLatency(nanos, pool.nanoTime());
    }

    /**
     * Records the same of an answer that is an error, or was not waited for: to fail quickly makes a backend no better than it
     * was.
     */
    public void recordError(long nanos) {
        load.recordError(nanos, pool.nanoTime());
    }

    /** Takes note that it has answered a request, however. */
    public void answered() {
        lostHedges.forget();
    }

    /**
     * Takes note of a request that was given up before it was answered: the answer would have taken so long at least, which
     * makes a backend no better than it was.
     */
    public void recordGivenUp(long nanos) {
        load.recordGivenUp(nanos, pool.nanoTime());
    }

    /** Its requests that others answered first. */
    public LostHedges lostHedges() {
        return lostHedges;
    }

    public Latency latency() {
        return load.latency();
    }

    /** Records that it failed a request. */
    public void recordFailure(String reason, Instant when) {
        failures.increment();
        load.recordFailure(pool.nanoTime());
        lastFailure = new Failure(reason, when);
    }

    public @Nullable Failure lastFailure() {
        return lastFailure;
    }

    public Condition condition() {
        return condition;
    }

    /** Sets the verdict on its health. */
    public void condition(Condition condition) {
        Condition before = CONDITION.getAndSet(this, requireNonNull(condition, "condition"));
        if (before.health() != condition.health()) {
            if (before.health() == Condition.Health.DOWN) {
                lostHedges.forget();
                load.forgetLatency();
                standings.reset();
            }
            pool.changed();
        }
    }

    /** What its traffic says of it by this rule; always the same for equal rules. */
    public Standing standing(EjectionConfig rule) {
        return standings.by(rule);
    }

    /** The worst that its traffic says of it by the rules of its routes; null where all is good. */
    public Standing.@Nullable State ejection() {
        return standings.worst();
    }

    /** How often it was ejected, by whatever rule. */
    public long ejections() {
        return standings.ejections();
    }

    /** What a person set by the admin API, which wins over the configuration; null if nothing. */
    public @Nullable TargetState override() {
        return administrative.override();
    }

    public void override(@Nullable TargetState state) {
        administrative.override(state, pool.now());
        pool.changed();
        lasting.endWhatIsDown();
    }

    /** Takes note of the routes, by their ids, whose configuration sets it down; ends what lasts there by one of them. */
    public void downFor(Set<String> routes) {
        administrative.downFor(routes);
        lasting.endWhatIsDown();
    }

    /** What lasts there, until it is set down. */
    public LastingWork lasting() {
        return lasting;
    }

    /** Hands what lasts here over to another at the same place: nobody can set this one down any more. */
    void succeededBy(Backend next) {
        lasting.succeededBy(next.lasting);
    }

    /** Whether something lasts here, such as a WebSocket, that may yet be told to end, or may come to of a request under way. */
    boolean lasts() {
        return !lasting.isEmpty() || inFlight() > 0;
    }

    /** Takes note that its routes let it take requests otherwise than before: as these states say. */
    public void configured(Set<TargetState> states) {
        administrative.configured(states, pool.now());
    }

    /** Since when a person lets it take requests or not as now: by the admin API, else by the configuration. */
    public Instant stateSince() {
        return administrative.since();
    }

    /** The last of all that was changed about it, by whatever. */
    public Change lastChange() {
        Change last = standings.lastChange(administrative.lastChange());
        Condition known = condition;
        return known.reason() == null || known.since().isBefore(last.at())
                ? last
                : new Change(Change.written(known.health()), Change.By.HEALTH, known.since(), known.reason());
    }

    /** What a person set by the admin API for its check to ask for, in place of the configuration's; null if nothing. */
    public @Nullable String checkPath() {
        return administrative.checkPath();
    }

    public void checkPath(@Nullable String path) {
        administrative.checkPath(path);
    }

    /** Whether a person set anything about it by the admin API. */
    boolean setByHand() {
        return administrative.setByHand();
    }

    /** Whether its health lets it take requests. */
    public boolean available() {
        return condition.health() != Condition.Health.DOWN;
    }

    /** What keeps to this rate; always the same for equal rates, so that it counts on whatever else is edited. */
    RequestWindow window(RateConfig rate) {
        return windows.computeIfAbsent(rate, absent -> new RequestWindow(absent, pool::nanoTime));
    }

    BackendPool pool() {
        return pool;
    }

    @Override
    public String toString() {
        return id;
    }

    /**
     * What makes a backend this one and no other: where it is, how it is known, and the check that decides its health.
     *
     * @param url with neither path nor query
     * @param tls how it is known; null for the system's trust, and where no TLS is spoken
     * @param proxyProtocol in which version it is told whose connection it gets; null for not at all
     * @param health the active check; null for none
     * @param name whose address the URL has, where it was looked up for that; null where the URL is the target's own
     */
    public record Identity(
            TargetUrl url,
            @Nullable BackendTlsConfig tls,
            @Nullable ProxyProtocol proxyProtocol,
            @Nullable HealthConfig health,
            @Nullable String name) {

        public Identity {
            url = new TargetUrl(url.scheme(), url.host(), url.port(), "", null);
            tls = url.secure() ? tls : null;
        }

        /** A backend at the target's own URL. */
        public Identity(
                TargetUrl url,
                @Nullable BackendTlsConfig tls,
                @Nullable ProxyProtocol proxyProtocol,
                @Nullable HealthConfig health) {
            this(url, tls, proxyProtocol, health, null);
        }

        /** Where it is, however it is known and checked. */
        Identity place() {
            return new Identity(url, null, null, null, name);
        }

        /** By the parts that tell most apart: the record's own would be put together by Java when first asked, in each start. */
        @Override
        public int hashCode() {
            return Objects.hash(url.host(), url.port(), name);
        }

        /** The host that it answers for: the target's. */
        public String host() {
            return name == null ? url.host() : name;
        }

        /** What it is called where a name of one word is needed: its authority, or the name of its socket. */
        String label() {
            return url.authority().substring(url.authority().lastIndexOf('/') + 1);
        }
    }

    /** The last failure seen. */
    public record Failure(String reason, Instant when) {}
}
