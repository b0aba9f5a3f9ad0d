package dev.portway.forward;

import dev.portway.config.RateConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.upstream.Pick;
import dev.portway.upstream.Target;
import dev.portway.upstream.Upstream;
import java.util.List;

/** Says in the contract's words why no target of a route takes a request. */
final class Unserved {

    private static final String OR_FIND_OUT = ", or find out what keeps the service";

    private Unserved() {}

    /** @param limit of the requests in flight to any backend */
    static Failure because(Pick.Nobody reason, Upstream upstream, int limit) {
        return switch (reason) {
            case TAKEN_OUT ->
                new Failure(
                        ProxyError.NO_BACKEND,
                        "every target of the route is drained or set down",
                        "set one of them up again, in the file or by PATCH /backends/ID");
            case FULL -> full(upstream, limit);
        };
    }

    /** Of a WebSocket, at a target that takes other requests. */
    static Failure withoutWebSockets(Target target) {
        return new Failure(
                ProxyError.PROTOCOL_REFUSED,
                target.backend().identity().url().authority()
                        + " is spoken to in HTTP/2 alone, in which it gets no WebSockets from here",
                "give WebSockets a route of their own whose target is http:// or https://");
    }

    private static Failure full(Upstream upstream, int limit) {
        List<Target> targets = upstream.candidates();
        String cause = "each target of the route has as many requests as it may have";
        String advice =
                "raise maxConcurrent and maxRequests of the targets, or limits.backendConnections" + OR_FIND_OUT;
        if (targets.size() == 1) {
            Target only = targets.get(0);
            RateConfig rate = only.config().maxRequests();
            int most = Math.min(limit, only.config().maxConcurrent());
            if (rate != null && only.backend().inFlight() < most) {
                cause = only.backend() + " has had its " + rate.requests() + " requests";
                advice = "raise maxRequests of the target";
            } else {
                cause = most + " requests to " + only.backend() + " are in flight already";
                advice = "raise " + (most == limit ? "limits.backendConnections" : "maxConcurrent of the target")
                        + OR_FIND_OUT;
            }
        }
        return new Failure(
                ProxyError.BACKEND_BUSY,
                cause,
                advice,
                upstream.untilOpen(limit).orElse(null));
    }
}
