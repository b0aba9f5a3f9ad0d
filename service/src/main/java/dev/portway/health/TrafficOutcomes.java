package dev.portway.health;

import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What forwarding tells of a backend's health. Called on event loops, for every request: implementations return at once
 * and cost next to nothing where nothing changes.
 */
public interface TrafficOutcomes {

    /**
     * It answered with this status, and the response has no fault of form. Told where the response has come whole, or as
     * much of it as the client wanted; of an error, an event stream or another protocol when it begins.
     *
     * @param under the target's {@link Target#standingNow} when the request was sent
     */
    void backendAnswered(Target target, Standing.@Nullable State under, int status);

    /**
     * It answered, as {@link #backendAnswered}, and asked to be left alone for {@code time}: where there are others it is.
     */
    void backendBusy(Target target, int status, Duration time);

    /**
     * A request failed there: no connection, none of its answers in time, or a broken one. A client's leaving is none.
     *
     * @param under the target's {@link Target#standingNow} when the request was sent
     * @param reason for people: {@code connection refused}
     * @param connected whether there was a connection; that there was none says more of a backend than what goes wrong on one
     */
    void backendFailed(Target target, Standing.@Nullable State under, String reason, boolean connected);
}
