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
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One address requests are sent to, and what is known about it while traffic flows. Lives in a {@link BackendPool} as
 * long as any route uses it, so that editing one route forgets nothing of another's backends. Thread-safe.
 */
public final class Backend {

    /** In the object itself, where the strategies that compare many backends find it without another hop. */
    private static final AtomicIntegerFieldUpdater<Backend> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Backend.class, "inFlight");

    private static final AtomicReferenceFieldUpdater<Backend, Condition> CONDITION =
            AtomicReferenceFieldUpdater.newUpdater(Backend.class, Condition.class, "condition");

    /** What a request that failed counts for beside the times of those that were answered. */
    private static final long FAILED_NANOS = 1_000_000_000;

    /** For how long that is told of one that comes back, and has not answered since. */
    private static final long FAILURE_COUNTS_NANOS = 10_000_000_000L;

    /** Enough for the usual number of failures in a row to be seen at once. */
    private static final int MOST_HEARD_OUT = 8;

    private final BackendPool pool;
    private final Identity identity;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Line line = new Line();
    private final ConcurrentHashMap<EjectionConfig, Standing> standings = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RateConfig, RequestWindow> windows = new ConcurrentHashMap<>();
    private final Set<Lasting> lasting = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Backend successor; // written by the pool under its lock, read by any thread
    private volatile String id; // written by the pool under its lock, read by any thread
    private volatile Condition condition; // written by the health checks and by traffic through CONDITION
    private volatile Latency latency = new Latency(); // replaced by forgetLatency(), read by any thread
    private volatile double latencyRank = Double.NEGATIVE_INFINITY; // written by recordLatency(), read by any thread
    private volatile long failedAt; // 0 for never; written with latencyRank
    private volatile int inFlight; // written by begin() and end() through IN_FLIGHT, read by any thread
    private final AtomicInteger heardOut =
            new AtomicInteger(); // requests that others answered, and that it may answer yet
    private volatile long outrunSince; // 0 for not, since its last answer; written on event loops
    private volatile boolean silent; // written by those who hold requests for it, read by any thread
    private volatile @Nullable TargetState override; // written by the admin API, read by any thread
    private volatile Set<String> downFor = Set.of(); // routes; written as tables change, read by any thread
    private volatile @Nullable Change overridden; // written with override, read by the admin API
    private volatile Change configured; // written as tables change, read by the admin API
    private volatile @Nullable String checkPath; // written by the admin API, read by the checks
    private volatile @Nullable Failure lastFailure; // written by whoever saw it, read by any thread

    Backend(BackendPool pool, Identity identity, String id, Instant now) {
        this.pool = requireNonNull(pool, "pool");
        this.identity = requireNonNull(identity, "identity");
        this.id = requireNonNull(id, "id");
        this.condition = new Condition(Condition.Health.UNKNOWN, now, null);
        this.configured = new Change("in use", Change.By.CONFIGURATION, now, null);
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
        override = other.override;
        overridden = other.overridden;
        HealthConfig check = identity.health();
        HealthConfig before = other.identity.health();
        if (check != null && before != null && check.path().equals(before.path())) {
            checkPath = other.checkPath;
        }
    }

    /** Forgets what was counted by rules that no route of the table in force has, which holds these. */
    public void keepOnly(Set<EjectionConfig> rules, Set<RateConfig> rates) {
        standings.keySet().retainAll(rules);
        windows.keySet().retainAll(rates);
    }

    /** Requests sent and not yet answered whole. */
    public int inFlight() {
        return inFlight;
    }

    /**
     * Counts a request as sent to this backend, unless {@code limit} are in flight already.
     *
     * @return whether it was counted; if so, exactly one {@link #end} must follow
     */
    public boolean begin(int limit) {
        return begin(limit, null);
    }

    /**
     * Counts a request as sent to this backend, unless {@code limit} are in flight already, or the window lets none pass.
     *
     * @return whether it was counted; if so, exactly one {@link #end} must follow
     */
    boolean begin(int limit, @Nullable RequestWindow window) {
        int now = inFlight;
        while (now < limit && !IN_FLIGHT.compareAndSet(this, now, now + 1)) {
            now = inFlight;
        }
        if (now >= limit) {
            return false;
        }
        if (window != null && !window.pass()) {
            IN_FLIGHT.decrementAndGet(this);
            return false;
        }
        requests.increment();
        return true;
    }

    /** Ends what {@link #begin} counted, and lets the first go that waits for the place. */
    public void end() {
        IN_FLIGHT.decrementAndGet(this);
        serveLine();
    }

    /** Takes back what {@link #begin} counted for a request that is not sent. */
    void takeBack(@Nullable RequestWindow window) {
        IN_FLIGHT.decrementAndGet(this);
        requests.decrement();
        if (window != null) {
            window.giveBack();
        }
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
        return requests.sum();
    }

    /** Of those, the ones it failed: not reached, broken off, or not answered in time. */
    public long failures() {
        return failures.sum();
    }

    /** Records the time from the request sent to the head of the response. */
    public void recordLatency(long nanos) {
        Latency current = latency;
        current.record(nanos, pool.nanoTime());
        latencyRank = current.rank();
    }

    /**
     * Records the same of an answer that is an error, or was not waited for: to fail quickly makes a backend no better than it
     * was.
     */
    public void recordError(long nanos) {
        long average = latency.averageNanos();
        if (average == 0) {
            rankAsFailed();
        } else {
            recordLatency(Math.max(nanos, average));
        }
    }

    /** Takes note that it has answered a request, however. */
    public void answered() {
        if (outrunSince != 0) {
            outrunSince = 0;
        }
    }

    /**
     * Takes note of a request that another backend answered while this one was still asked.
     *
     * @param sent when it was sent here, of {@link System#nanoTime}
     * @return the nanoseconds for which it has answered nothing, since the first that was outrun of those after its last answer
     */
    public long outrun(long sent, long now) {
        long since = outrunSince;
        if (since == 0) {
            since = sent;
            outrunSince = sent;
        }
        return now - since;
    }

    /** Whether one more of its requests that others answered may be waited for, to see what comes; then {@link #heardOut} follows. */
    public boolean hearOut() {
        if (heardOut.incrementAndGet() > MOST_HEARD_OUT) {
            heardOut.decrementAndGet();
            return false;
        }
        return true;
    }

    public void heardOut() {
        heardOut.decrementAndGet();
    }

    /**
     * Takes note of a request that was given up before it was answered: the answer would have taken so long at least, which
     * makes a backend no better than it was.
     */
    public void recordGivenUp(long nanos) {
        long average = latency.averageNanos();
        if (average != 0 && nanos > average) {
            recordLatency(nanos);
        }
    }

    /** Forgets an average that is from another time, where it may be chosen again. */
    void returned(long now) {
        boolean failedLately = failedAt != 0 && now - failedAt <= FAILURE_COUNTS_NANOS;
        if (!latency.fresh(now) && !failedLately) {
            forgetLatency();
        }
    }

    /** What comes back may be another, and an average that has faded would draw all requests to it before it has answered. */
    private void forgetLatency() {
        latency = new Latency();
        latencyRank = Double.NEGATIVE_INFINITY;
    }

    /** {@link Latency#rank}, kept here where those who compare many backends find it without another hop. */
    double latencyRank() {
        return latencyRank;
    }

    public Latency latency() {
        return latency;
    }

    /**
     * Records that it failed a request. Where times are compared that counts as a long one, or who fails before it has ever
     * answered would seem to be the fastest of all; where times are shown it does not.
     */
    public void recordFailure(String reason, Instant when) {
        failures.increment();
        rankAsFailed();
        lastFailure = new Failure(reason, when);
    }

    private void rankAsFailed() {
        long now = pool.nanoTime();
        latencyRank = Math.max(latencyRank, Latency.rank(FAILED_NANOS, now));
        failedAt = now;
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
                outrunSince = 0;
                forgetLatency();
                standings.values().forEach(Standing::reset);
            }
            pool.changed();
        }
    }

    /** What its traffic says of it by this rule; always the same for equal rules. */
    public Standing standing(EjectionConfig rule) {
        return standings.computeIfAbsent(rule, absent -> new Standing(pool, absent));
    }

    /** The worst that its traffic says of it by the rules of its routes; null where all is good. */
    public Standing.@Nullable State ejection() {
        Standing.State worst = null;
        for (Standing standing : standings.values()) {
            Standing.State state = standing.state();
            if (state.phase() == Standing.Phase.EJECTED || (state.phase() == Standing.Phase.TRIAL && worst == null)) {
                worst = state;
            }
        }
        return worst;
    }

    /** How often it was ejected, by whatever rule. */
    public long ejections() {
        return standings.values().stream().mapToLong(Standing::ejections).sum();
    }

    /** What a person set by the admin API, which wins over the configuration; null if nothing. */
    public @Nullable TargetState override() {
        return override;
    }

    public void override(@Nullable TargetState state) {
        this.override = state;
        this.overridden = new Change(state == null ? "configured" : written(state), Change.By.API, pool.now(), null);
        pool.changed();
        endWhatIsDown();
    }

    /** Takes note of the routes, by their ids, whose configuration sets it down; ends what lasts there by one of them. */
    public void downFor(Set<String> routes) {
        downFor = Set.copyOf(routes);
        endWhatIsDown();
    }

    private void endWhatIsDown() {
        for (Lasting work : lasting) {
            if (down(work)) {
                work.takenDown();
            }
        }
    }

    private boolean down(Lasting work) {
        return override == null ? downFor.contains(work.routeId()) : override == TargetState.DOWN;
    }

    /** Takes note of what lasts; it is told when the backend is set down, before or after, until {@link #lastsNoMore}. */
    public void lasts(Lasting work) {
        Backend last = this;
        for (Backend at = this; at != null; at = at.successor) {
            at.lasting.add(work);
            last = at;
        }
        if (last.down(work)) {
            work.takenDown();
        }
    }

    public void lastsNoMore(Lasting work) {
        for (Backend at = this; at != null; at = at.successor) {
            at.lasting.remove(work);
        }
    }

    /** Hands what lasts here over to another at the same place: nobody can set this one down any more. */
    void succeededBy(Backend next) {
        successor = next;
        for (Lasting work : lasting) {
            next.lasts(work);
            if (!lasting.contains(work)) { // it ended between the two
                next.lastsNoMore(work);
            }
        }
    }

    /** Takes note that its routes let it take requests otherwise than before: as these states say. */
    public void configured(Set<TargetState> states) {
        configured = new Change(
                states.stream().map(Backend::written).sorted().collect(Collectors.joining(", ")),
                Change.By.CONFIGURATION,
                pool.now(),
                null);
    }

    /** Since when a person lets it take requests or not as now: by the admin API, else by the configuration. */
    public Instant stateSince() {
        Change set = overridden;
        return set == null || override == null ? configured.at() : set.at();
    }

    /** The last of all that was changed about it, by whatever. */
    public Change lastChange() {
        Change last = configured;
        Change set = overridden;
        if (set != null && !set.at().isBefore(last.at())) {
            last = set;
        }
        for (Standing standing : standings.values()) {
            Standing.State state = standing.state();
            if (state.reason() != null && !state.since().isBefore(last.at())) {
                last = new Change(written(state.phase()), Change.By.EJECTION, state.since(), state.reason());
            }
        }
        Condition known = condition;
        return known.reason() == null || known.since().isBefore(last.at())
                ? last
                : new Change(written(known.health()), Change.By.HEALTH, known.since(), known.reason());
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What a person set by the admin API for its check to ask for, in place of the configuration's; null if nothing. */
    public @Nullable String checkPath() {
        return checkPath;
    }

    public void checkPath(@Nullable String path) {
        checkPath = path;
    }

    /** Whether a person set anything about it by the admin API. */
    boolean setByHand() {
        return override != null || checkPath != null;
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
