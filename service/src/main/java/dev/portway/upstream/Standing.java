package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import dev.portway.config.EjectionConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's traffic says of it by one rule: it is good; failures eject it for a while; then it is on trial, with
 * little traffic, until a few requests in a row go well. Shared by the routes of the same rule. Thread-safe, takes no lock;
 * a request that goes well while all is well costs two volatile reads and one increment of a striped counter (decision 110).
 */
public final class Standing {

    /** Requests in a row that must go well on trial. */
    private static final int TRIAL_LENGTH = 3;

    /** Between two requests of a trial; twice as long after each while none has come out, or one that hangs would collect them. */
    private static final long TRIAL_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private static final long LONGEST_TRIAL_PAUSE_NANOS = TRIAL_PAUSE_NANOS << 6;

    private static final AtomicReferenceFieldUpdater<Standing, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Standing.class, State.class, "state");
    private static final AtomicIntegerFieldUpdater<Standing> FAILED_IN_A_ROW =
            AtomicIntegerFieldUpdater.newUpdater(Standing.class, "failedInARow");
    private static final AtomicLongFieldUpdater<Standing> NEXT_TRIAL =
            AtomicLongFieldUpdater.newUpdater(Standing.class, "nextTrial");

    private final BackendPool pool;
    private final EjectionConfig rule;
    private final FailureRate rate;
    private final LongAdder ejections = new LongAdder();
    private final AtomicInteger passed = new AtomicInteger(); // of the trial
    private volatile State state; // written through STATE by whoever brings a change about
    private volatile int failedInARow; // written through FAILED_IN_A_ROW, and set back by anyone
    private volatile long nextTrial; // by the pool's clock; written through NEXT_TRIAL
    private volatile long trialPause; // in nanoseconds; written with nextTrial

    Standing(BackendPool pool, EjectionConfig rule) {
        this.pool = requireNonNull(pool, "pool");
        this.rule = requireNonNull(rule, "rule");
        this.rate = new FailureRate(rule.window());
        this.state = new State(Phase.GOOD, pool.now(), null, null, 0);
    }

    public EjectionConfig rule() {
        return rule;
    }

    public State state() {
        return state;
    }

    /** How often it was ejected. */
    public long ejections() {
        return ejections.sum();
    }

    /**
     * Takes note of a request that went well.
     *
     * @param under the {@link #state} when it was sent: where that has ended since, it is old news
     * @return whether that ended a trial
     */
    public boolean succeeded(State under) {
        State before = state;
        if (!same(before, under)) {
            return false;
        }
        switch (before.phase) {
            case GOOD -> {
                rate.succeeded();
                if (failedInARow != 0) {
                    failedInARow = 0;
                }
            }
            case TRIAL -> {
                nextTrialIn(TRIAL_PAUSE_NANOS);
                if (passed.incrementAndGet() >= TRIAL_LENGTH) {
                    return become(before, new State(Phase.GOOD, pool.now(), null, null, before.times));
                }
            }
            case EJECTED -> {} // all were, or it would not have been sent
        }
        return false;
    }

    /**
     * Takes note of a request that failed.
     *
     * @param under the {@link #state} when it was sent: where that has ended since, it is old news
     * @param reason for people
     * @param jitter from 0 to below 1: how much of a tenth of its time it stays out longer, so that those ejected together do
     *     not come back together
     * @return the ejection that it led to, at whose end {@link #tryAgain} is to be called; null if it led to none
     */
    public @Nullable State failed(State under, String reason, double jitter) {
        State before = state;
        if (!same(before, under)) {
            return null;
        }
        String why = switch (before.phase) {
            case GOOD -> verdict(reason);
            case TRIAL -> reason;
            case EJECTED -> null;
        };
        if (why == null) {
            return null;
        }
        Instant now = pool.now();
        boolean forgotten = before.phase == Phase.GOOD && !now.isBefore(before.since.plus(rule.maxTime()));
        int times = forgotten ? 1 : before.times + 1;
        State ejection = new State(Phase.EJECTED, now, now.plus(time(times, jitter)), why, times);
        if (!become(before, ejection)) {
            return null;
        }
        ejections.increment();
        return ejection;
    }

    /**
     * Takes note of an answer by which the backend asked to be left alone for a while. It says nothing of how often it fails.
     *
     * @param reason for people
     * @param time it asked for; it gets no more than the longest ejection
     * @param jitter as in {@link #failed}
     * @return the ejection that it led to, as {@link #failed}
     */
    public @Nullable State busy(String reason, Duration time, double jitter) {
        State before = state;
        if (before.phase == Phase.EJECTED) {
            return null;
        }
        Instant now = pool.now();
        State ejection = new State(Phase.EJECTED, now, now.plus(bounded(time, jitter)), reason, before.times);
        if (!become(before, ejection)) {
            return null;
        }
        ejections.increment();
        return ejection;
    }

    /** Ends this ejection, if it still lasts: the next requests are the trial. */
    public void tryAgain(State ejection) {
        if (same(state, ejection)) { // before anybody can see that it is over
            passed.set(0);
            nextTrialIn(0);
        }
        become(ejection, new State(Phase.TRIAL, pool.now(), null, ejection.reason, ejection.times));
    }

    private void nextTrialIn(long nanos) {
        trialPause = TRIAL_PAUSE_NANOS;
        nextTrial = pool.nanoTime() + nanos;
    }

    /** Forgets what was: after it was down, something new may be listening there. */
    void reset() {
        State before = state;
        if (before.phase != Phase.GOOD) {
            become(before, new State(Phase.GOOD, pool.now(), null, null, 0));
        }
    }

    /** Whether {@link #admits} would let a request there at this moment; changes nothing. */
    boolean due() {
        return state.phase != Phase.TRIAL || pool.nanoTime() - nextTrial >= 0;
    }

    /** Whether a request may be sent there at this moment, which on trial is so only once in a while. */
    boolean admits() {
        if (state.phase != Phase.TRIAL) {
            return true;
        }
        long due = nextTrial;
        long now = pool.nanoTime();
        long pause = trialPause;
        if (now - due < 0 || !NEXT_TRIAL.compareAndSet(this, due, now + pause)) {
            return false;
        }
        trialPause = Math.min(2 * pause, LONGEST_TRIAL_PAUSE_NANOS);
        return true;
    }

    /** Why the failures are too many now; null if they are not. */
    private @Nullable String verdict(String reason) {
        FailureRate.Tally tally = rate.failed(pool.nanoTime());
        int inARow = FAILED_IN_A_ROW.incrementAndGet(this);
        if (inARow >= rule.failures()) {
            return inARow + (inARow == 1 ? " failure: " : " failures in a row, the last: ") + reason;
        }
        boolean many = tally.requests() >= rule.minRequests()
                && tally.failures() * 100 >= tally.requests() * rule.failureRate();
        return many ? tally.failures() + " of " + tally.requests() + " requests failed, the last: " + reason : null;
    }

    private Duration time(int times, double jitter) {
        return bounded(rule.time().multipliedBy(times), jitter);
    }

    private Duration bounded(Duration time, double jitter) {
        Duration bounded = time.compareTo(rule.maxTime()) > 0 ? rule.maxTime() : time;
        return bounded.plusNanos((long) (bounded.toNanos() * jitter / 10));
    }

    /** Whether they are one and the same: each change makes another, even within one tick of the clock. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(State one, State other) {
        return one == other;
    }

    private boolean become(State before, State after) {
        if (!STATE.compareAndSet(this, before, after)) {
            return false;
        }
        failedInARow = 0;
        rate.clear();
        pool.changed();
        return true;
    }

    /** Where a backend is between good and ejected. */
    public enum Phase {
        GOOD,
        /** Gets no requests, unless too many others are ejected. */
        EJECTED,
        /** Back after an ejection, with little traffic. */
        TRIAL
    }

    /**
     * A standing, and since when. Immutable.
     *
     * @param until when the ejection ends; null in other phases
     * @param reason of the last ejection; null while good
     * @param times it was ejected, without a long good time between
     */
    public record State(
            Phase phase,
            Instant since,
            @Nullable Instant until,
            @Nullable String reason,
            int times) {

        public State {
            requireNonNull(phase, "phase");
            requireNonNull(since, "since");
        }
    }
}
