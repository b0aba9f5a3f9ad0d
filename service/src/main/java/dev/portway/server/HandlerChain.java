package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ProxyConfig;
import dev.portway.exchange.ErrorPages;
import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.ForwardingFields;
import dev.portway.exchange.RequestIds;
import dev.portway.exchange.TrustedProxies;
import dev.portway.forward.ForwardHandler;
import dev.portway.health.BackendPorts;
import dev.portway.health.LoopbackTwin;
import dev.portway.health.TrafficOutcomes;
import dev.portway.observe.AccessLog;
import dev.portway.observe.ProxyMetrics;
import dev.portway.policy.PolicyHandler;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendReach;
import dev.portway.tunnel.OutboundHandler;
import dev.portway.tunnel.Tunnels;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;

/**
 * What a request on the proxy's listeners goes through, first to last: recorded, matched, led through the rules of
 * its route, forwarded; or
 * carried to another host. Immutable.
 *
 * @param first the handler to mount
 * @param errors answers what never reaches {@code first}
 */
public record HandlerChain(Handler first, Request.Handler errors) {

    public HandlerChain {
        requireNonNull(first, "first");
        requireNonNull(errors, "errors");
    }

    /** The chain for one running proxy. */
    public static HandlerChain of(
            ProxyConfig config, Supplier<RouteTable> tables, Parts parts, Request.Handler adminErrors) {
        ErrorResponder responder = new ErrorResponder(parts.errorPages());
        ForwardingFields forwarding =
                new ForwardingFields("portway-" + Long.toString(parts.random().nextLong(1L << 40), 36));
        ForwardHandler forward = new ForwardHandler(
                tables,
                forwarding,
                responder,
                parts.traffic(),
                parts.twin(),
                parts.reach(),
                parts.ports(),
                parts.tunnels(),
                config.timeouts(),
                config.limits());
        parts.metrics()
                .gauge("requests.held", "Requests that wait until something listens at their backends.", forward::held);
        parts.metrics().gauge("requests.queued", "Requests that wait for a place at a backend.", forward::queued);
        Handler outbound = new OutboundHandler(parts.tunnels(), responder, parts.clock(), forward);
        Handler policies = new PolicyHandler(responder, outbound);
        Handler match = parts.own().apply(new RouteMatchHandler(tables, responder, parts.metrics(), policies));
        RecordHandler record = new RecordHandler(
                new RequestIds(parts.random()),
                new TrustedProxies(config.trustedProxies()),
                parts.metrics(),
                parts.accessLog(),
                responder,
                parts.exchanges(),
                match);
        return new HandlerChain(record, new RequestErrorHandler(record, responder, adminErrors));
    }

    /**
     * What the handlers work with.
     *
     * @param errorPages told of every new table
     * @param metrics told of every new table
     * @param accessLog started and stopped by the caller
     * @param exchanges told of each exchange that has ended; must not block
     * @param own puts what the program around the proxy does with calls before what the proxy does
     * @param traffic told what becomes of requests
     * @param twin asked when a loopback address refuses
     * @param reach how backends are reached; its trust is told of every new table
     * @param ports looked at where nothing listened
     * @param tunnels made by requests that change the protocol
     * @param clock for what is noted of backends
     * @param random for names that must not repeat
     */
    public record Parts(
            ErrorPages errorPages,
            ProxyMetrics metrics,
            AccessLog accessLog,
            Consumer<ExchangeRecord> exchanges,
            UnaryOperator<Handler> own,
            TrafficOutcomes traffic,
            LoopbackTwin twin,
            BackendReach reach,
            BackendPorts ports,
            Tunnels tunnels,
            InstantSource clock,
            RandomGenerator random) {}
}
