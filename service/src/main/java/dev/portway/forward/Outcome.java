package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Failure;
import dev.portway.health.TrafficOutcomes;
import dev.portway.transport.BackendResponse;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * How far one attempt has come, and what that says of its backend: how long the answer took, or would have taken at least, and how
 * it came out. All that a backend's load and its health are told of a request they are told here. An answer is credited once it is
 * whole, or as much of it as is wanted: who credits it before says why. Confined to the loop of the exchange.
 */
final class Outcome {

    private final TrafficOutcomes traffic;
    private final Target target;
    private final Standing.@Nullable State under; // what was known of the target when this began
    private final TimeoutsConfig timeouts;
    private boolean connected;
    private boolean reused; // the connection
    private boolean answered;
    private long sentNanos; // 0 before
    private int untold; // the status of an answer that the backend has yet to be credited with; 0 for none

    /** Of an attempt that begins now. */
    Outcome(TrafficOutcomes traffic, Target target, TimeoutsConfig timeouts) {
        this.traffic = requireNonNull(traffic, "traffic");
        this.target = requireNonNull(target, "target");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.under = target.standingNow();
    }

    /** @param again whether the connection has carried requests before */
    void connected(boolean again) {
        connected = true;
        reused = again;
        if (target.backend().silent()) {
            target.backend().heard();
        }
    }

    /** The head of the request is out; then, once more, all of it. */
    void sent() {
        sentNanos = System.nanoTime();
    }

    /** The head of an answer is in, such as it is. */
    void answered() {
        answered = true;
        target.backend().answered();
    }

    boolean hasAnswer() {
        return answered;
    }

    /**
     * The head of the answer has no fault.
     *
     * @return the nanoseconds that it took
     */
    long accepted(BackendResponse response) {
        // An answer that came before the request was out is timed from its head.
        long nanos = sentNanos == 0 ? 0 : System.nanoTime() - sentNanos;
        boolean error = response.status() >= HttpStatus.INTERNAL_SERVER_ERROR_500;
        if (error) {
            target.backend().recordError(nanos);
        } else {
            target.backend().recordLatency(nanos);
        }
        note(response);
        if (error) {
            credit(); // another request may be about to be sent there
        }
        return nanos;
    }

    /** The same, of an answer for which nobody waits any more, nor for the rest of it. */
    void acceptedAfterAll(BackendResponse response) {
        givenUp();
        note(response);
        credit();
    }

    private void note(BackendResponse response) {
        Duration pause = RetryAfter.of(response);
        if (pause == null) {
            untold = response.status();
        } else {
            traffic.backendBusy(target, response.status(), pause);
        }
    }

    /** Credits the backend with its answer, unless that is done. */
    void credit() {
        if (untold != 0) {
            traffic.backendAnswered(target, under, untold);
            untold = 0;
        }
    }

    /** The head of an answer has been waited for until now, and is no more. */
    void givenUp() {
        if (sentNanos != 0) {
            target.backend().recordGivenUp(System.nanoTime() - sentNanos);
        }
    }

    /**
     * Another backend has answered first: this one would have taken so long at least.
     *
     * @return whether there is reason to doubt the backend: it has answered nothing for as long as an answer may take, or is on
     *     trial; or the request has not come so far as to be sent, so that to hear whether there comes to be a connection costs the
     *     backend no work
     */
    boolean outrun() {
        if (sentNanos == 0) {
            return under != null && !connected;
        }
        Backend backend = target.backend();
        long now = System.nanoTime();
        backend.recordError(now - sentNanos);
        long silence = backend.lostHedges().outrun(sentNanos, now);
        return under != null && (silence >= timeouts.response().toNanos() || under.phase() == Standing.Phase.TRIAL);
    }

    /** What has gone wrong by {@code thrown}. */
    Failure failure(Throwable thrown) {
        return Failures.of(thrown, target.backend().identity().url(), timeouts, connected);
    }

    /** How far it has come. */
    Loss loss(Throwable thrown, Failure failure) {
        return answered ? Loss.FINAL : Loss.of(thrown, failure, connected, reused);
    }

    /** It failed: where that is the backend's fault, it is held against it. */
    void failed(Loss loss, Failure failure) {
        if (failure.error().backendAtFault() && loss != Loss.UNTOUCHED) { // which a backend that restarts says in order
            target.backend().recordFailure(failure.cause(), Instant.now());
            traffic.backendFailed(target, under, failure.cause(), loss != Loss.UNSENT);
        }
    }
}
