package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TimeoutsConfig;
import dev.portway.forward.LimitExceededException.Limit;
import dev.portway.transport.Deadlines;
import java.time.Duration;

/**
 * The time limits of one attempt: which one holds at the moment, and whose fault it is when it is over. Confined to the attempt's
 * loop.
 */
final class AttemptClock extends Deadlines.Bounded {

    /** How long a backend may keep a client waiting that expects {@code 100 Continue} and may not know of it. */
    private static final Duration CONTINUE_WAIT = Duration.ofSeconds(1);

    private final Deadlines deadlines;
    private final TimeoutsConfig timeouts;
    private final Listener listener;
    private Limit limit = Limit.CONNECT;
    private Duration limitLength = Duration.ZERO;
    private long limitDeadline = Deadlines.NEVER;
    private long requestDeadline;
    private boolean waitingForClient;
    private long deadline = Deadlines.NEVER;
    private long continueDeadline = Deadlines.NEVER;

    /**
     * A clock that does not run yet.
     *
     * @param deadlines of the loop
     * @param requestDeadline of all attempts together
     */
    AttemptClock(Deadlines deadlines, TimeoutsConfig timeouts, long requestDeadline, Listener listener) {
        this.deadlines = requireNonNull(deadlines, "deadlines");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.listener = requireNonNull(listener, "listener");
        this.requestDeadline = requestDeadline;
    }

    void begin() {
        enter(Limit.CONNECT, timeouts.connect());
        deadlines.begin(this);
    }

    void end() {
        deadlines.end(this);
    }

    /** From now on this limit holds, {@code duration} long whenever {@link #moved something moves}. */
    void enter(Limit next, Duration duration) {
        limit = next;
        limitLength = duration;
        moveDeadline(duration);
        deadlines.moved(this);
    }

    Limit limit() {
        return limit;
    }

    /** Whether the limit that holds is one that comes. */
    boolean limited() {
        return limitDeadline != Deadlines.NEVER;
    }

    /** The request is answered otherwise: its own deadline says nothing of this attempt any more. */
    void outliveRequest() {
        requestDeadline = Deadlines.NEVER;
        deadline = limitDeadline;
        deadlines.moved(this);
    }

    /** Some of the response has moved, on either side. */
    void moved() {
        if (deadline != Deadlines.NEVER) {
            moveDeadline(limitLength);
        }
    }

    /** Whether it is the client that the exchange waits for. */
    void waitingForClient(boolean waiting) {
        waitingForClient = waiting;
        if (limit == Limit.UPLOAD) {
            moveDeadline(timeouts.upload());
        }
    }

    /**
     * The exchange waits for more of the client's body.
     *
     * @param patience how long it may; zero for ever
     */
    void waitingForUpload(Duration patience) {
        waitingForClient = true;
        if (limit == Limit.UPLOAD) {
            moveDeadline(patience);
            deadlines.moved(this);
        }
    }

    void awaitContinue() {
        continueDeadline = Deadlines.after(CONTINUE_WAIT);
        deadlines.moved(this);
    }

    private void moveDeadline(Duration duration) {
        limitDeadline = Deadlines.after(duration);
        deadline = Deadlines.earlier(limitDeadline, requestDeadline);
    }

    @Override
    protected long due() {
        return Deadlines.earlier(deadline, continueDeadline);
    }

    @Override
    protected void expired() {
        if (Deadlines.past(continueDeadline)) {
            continueDeadline = Deadlines.NEVER;
            listener.continueOverdue();
        }
        if (Deadlines.past(deadline)) {
            listener.exceeded(exceeded());
        }
    }

    private Limit exceeded() {
        if (Deadlines.past(requestDeadline)) {
            return Limit.REQUEST;
        }
        return switch (limit) {
            // A backend that does not take the body keeps the client waiting, not the other way about.
            case UPLOAD -> waitingForClient ? Limit.UPLOAD : Limit.RESPONSE;
            case STREAM -> waitingForClient ? Limit.DOWNLOAD : Limit.STREAM;
            case CONNECT, RESPONSE, REQUEST, DOWNLOAD -> limit;
        };
    }

    /** Told, on the loop, what takes too long. */
    interface Listener {

        /** The backend has not said {@code 100 Continue}. */
        void continueOverdue();

        void exceeded(Limit limit);
    }
}
