package dev.portway.transport;

import java.time.Duration;
import org.eclipse.jetty.http2.frames.PriorityFrame;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.WindowRateControl;

/**
 * How many frames a client may send on one HTTP/2 connection that cost it nothing and the proxy something: resets (each
 * may have cost a request to a backend, CVE-2023-44487), pings, settings, empty frames, and more of the kind. Beyond that
 * the connection is ended. Priorities are apart: they are ignored, and some browsers send one with every request.
 */
final class FrameRates implements RateControl {

    private static final int PER_SECOND = 200;
    private static final int PRIORITIES_PER_SECOND = 2_000;

    private final RateControl rate = perSecond(PER_SECOND);
    private final RateControl priorities = perSecond(PRIORITIES_PER_SECOND);

    private static RateControl perSecond(int events) {
        return new WindowRateControl(events, Duration.ofSeconds(1));
    }

    @Override
    public boolean onEvent(Object event) {
        return event instanceof PriorityFrame ? priorities.onEvent(event) : rate.onEvent(event);
    }
}
