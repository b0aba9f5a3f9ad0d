package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendConnector;
import dev.portway.transport.EventLoops;
import dev.portway.upstream.BackendPool;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxy: takes the requests that no route was found for because they are for other hosts, CONNECT first of all,
 * and lets those with a route pass. They have met the rules of {@link RouteTable#outbound} before, and go where that very table
 * lets them; one that has met none goes nowhere (405). What it does with one is in {@link Outbound}. Thread-safe.
 */
public final class OutboundHandler extends Handler.Wrapper {

    private static final Duration NAME_RESOLUTION = Duration.ofSeconds(5);
    private static final Failure NO_TUNNELS = new Failure(
            ProxyError.METHOD_REFUSED, "this proxy makes no tunnels", "set proxy.tunnel.enabled if it should");

    private final Tunnels tunnels;
    private final ErrorResponder responder;
    private final BackendPool backends;
    private @Nullable Parts parts; // set when started

    /**
     * A handler in front of {@code next}, which forwards.
     *
     * @param clock for what is noted of the hosts it goes to
     */
    public OutboundHandler(Tunnels tunnels, ErrorResponder responder, InstantSource clock, Handler next) {
        super(next);
        this.tunnels = requireNonNull(tunnels, "tunnels");
        this.responder = requireNonNull(responder, "responder");
        this.backends = new BackendPool(clock);
    }

    @Override
    protected void doStart() throws Exception {
        BackendConnector connector = new BackendConnector(EventLoops.of(getServer()));
        connector.setExecutor(getServer().getThreadPool());
        connector.setScheduler(getServer().getScheduler());
        connector.setByteBufferPool(getServer().getByteBufferPool());
        addBean(connector);
        SocketAddressResolver names = new SocketAddressResolver.Async(
                getServer().getThreadPool(), getServer().getScheduler(), NAME_RESOLUTION.toMillis());
        parts = new Parts(tunnels, responder, backends, connector, names, new OwnListeners(getServer()));
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = ProxyExchange.of(request);
        if (exchange.routeId() != null) {
            return super.handle(exchange, response, callback);
        }
        RouteTable table = exchange.outboundTable();
        if (table == null) {
            responder.respond(exchange, response, callback, NO_TUNNELS);
            return true;
        }
        new Outbound(requireNonNull(parts), table, exchange, response, callback, getHandler()).begin();
        return true;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** What every request for another host needs. */
    record Parts(
            Tunnels tunnels,
            ErrorResponder responder,
            BackendPool backends,
            BackendConnector connector,
            SocketAddressResolver names,
            OwnListeners own) {}
}
