package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Failure;
import dev.portway.transport.BackendResponse;
import dev.portway.upstream.Backend;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that another has outrun and that is heard out, with nobody waiting for it, because there is reason to doubt its
 * backend: what is slow is not to be taken for what hangs, nor the other way round (decision 124). Made for these alone. From
 * then on it hears in the attempt's place what comes of the call, tells the {@link Outcome}, and gives the place at the backend
 * back when the call has ended. Confined to the loop of the exchange.
 */
final class Hearing {

    private final Attempt attempt;
    private final Outcome outcome;
    private final Backend backend;

    /** A hearing that the backend's {@link Backend#lostHedges} allow. */
    Hearing(Attempt attempt) {
        this.attempt = requireNonNull(attempt, "attempt");
        this.outcome = attempt.outcome();
        this.backend = attempt.target().backend();
    }

    /** There has come to be a connection, on which nothing is sent yet. */
    void connected() {
        end();
    }

    /** @param fault of the response; null for none */
    void answered(BackendResponse response, @Nullable String fault) {
        if (fault != null) {
            attempt.abort(new BadResponseException(fault));
            return;
        }
        outcome.answered();
        outcome.acceptedAfterAll(response);
        end();
    }

    private void end() {
        attempt.abort(new CancellationException("another backend was quicker"));
    }

    /** @param thrown null where all of the answer came at once */
    void ended(@Nullable Throwable thrown) {
        backend.lostHedges().heardOut();
        backend.end();
        if (thrown == null || thrown instanceof CancellationException) {
            return;
        }
        Failure failure = outcome.failure(thrown);
        Loss loss = outcome.loss(thrown, failure);
        if (loss != Loss.KEPT) {
            outcome.failed(loss, failure);
        }
    }
}
