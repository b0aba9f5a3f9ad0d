package dev.portway.forward;

import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.upstream.Pick;
import dev.portway.upstream.Upstream;

/** Says in the contract's words why no target of a route takes a request. */
final class Unserved {

    private Unserved() {}

    static Failure because(Pick.Nobody reason, Upstream upstream, int limit) {
        return switch (reason) {
            case TAKEN_OUT ->
                new Failure(
                        ProxyError.NO_BACKEND,
                        "every target of the route is drained or set down",
                        "set one of them up again, in the file or by PATCH /backends/ID");
            case FULL ->
                new Failure(
                        ProxyError.BACKEND_BUSY,
                        full(upstream, limit),
                        "raise limits.backendConnections, or find out what keeps the service");
        };
    }

    private static String full(Upstream upstream, int limit) {
        var candidates = upstream.candidates();
        return candidates.size() == 1
                ? limit + " requests to " + candidates.get(0).backend() + " are in flight already"
                : limit + " requests to each target of the route are in flight already";
    }
}
