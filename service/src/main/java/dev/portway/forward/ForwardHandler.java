package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import dev.portway.config.LimitsConfig;
import dev.portway.config.RouteTimeoutsConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ForwardingFields;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.health.BackendPorts;
import dev.portway.health.LoopbackTwin;
import dev.portway.health.TrafficOutcomes;
import dev.portway.routing.Route;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendClient;
import dev.portway.transport.BackendReach;
import dev.portway.transport.EventLoop;
import dev.portway.tunnel.Tunnels;
import dev.portway.upstream.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The last handler: sends the request to a backend of its route and the response back. Its steps:
 *
 * <ol>
 *   <li>a request that this proxy has sent itself is refused (508);
 *   <li>a {@link Delivery} does the rest.
 * </ol>
 *
 * Thread-safe.
 */
public final class ForwardHandler extends Handler.Abstract.NonBlocking {

    private static final RouteTimeoutsConfig CALL =
            new RouteTimeoutsConfig(null, Duration.ZERO, null, Duration.ZERO, null, null);

    private final Supplier<RouteTable> tables;
    private final ForwardingFields forwarding;
    private final ErrorResponder responder;
    private final TrafficOutcomes traffic;
    private final LoopbackTwin twin;
    private final BackendReach reach;
    private final BackendPorts ports;
    private final Tunnels tunnels;
    private final TimeoutsConfig timeouts;
    private final LimitsConfig limits;
    private @Nullable BackendClient client; // set when started
    private volatile @Nullable WaitingRoom waitingRoom; // set when started, read by any thread

    public ForwardHandler(
            Supplier<RouteTable> tables,
            ForwardingFields forwarding,
            ErrorResponder responder,
            TrafficOutcomes traffic,
            LoopbackTwin twin,
            BackendReach reach,
            BackendPorts ports,
            Tunnels tunnels,
            TimeoutsConfig timeouts,
            LimitsConfig limits) {
        this.tables = requireNonNull(tables, "tables");
        this.forwarding = requireNonNull(forwarding, "forwarding");
        this.responder = requireNonNull(responder, "responder");
        this.traffic = requireNonNull(traffic, "traffic");
        this.twin = requireNonNull(twin, "twin");
        this.reach = requireNonNull(reach, "reach");
        this.ports = requireNonNull(ports, "ports");
        this.tunnels = requireNonNull(tunnels, "tunnels");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.limits = requireNonNull(limits, "limits");
    }

    @Override
    protected void doStart() throws Exception {
        client = new BackendClient(getServer(), reach, timeouts, limits);
        WaitingRoom room = new WaitingRoom(tables, limits, ports, getServer().getScheduler());
        waitingRoom = room;
        addBean(tunnels);
        addBean(room);
        addBean(client);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        removeBean(client);
        removeBean(waitingRoom);
    }

    @Override
    public boolean handle(Request clientToProxyRequest, Response proxyToClientResponse, Callback callback) {
        ProxyExchange exchange = ProxyExchange.of(clientToProxyRequest);
        // 1
        if (forwarding.loops(exchange.getHeaders())) {
            Failure failure = new Failure(
                    ProxyError.LOOP,
                    "the request came back to this proxy",
                    "a target leads back to the proxy itself, perhaps through another one: change it");
            respond(exchange, proxyToClientResponse, callback, failure);
            return true;
        }
        // 2
        Route route = requireNonNull(exchange.route());
        new Delivery(this, exchange, timeoutsOf(exchange, route), proxyToClientResponse, callback).begin();
        return true;
    }

    /** Either side of a call of gRPC may be silent as long as it likes: what a call may take is said by its own deadline. */
    private static TimeoutsConfig timeoutsOf(ProxyExchange exchange, Route route) {
        String type = exchange.header("Content-Type");
        return type != null && type.startsWith("application/grpc")
                ? route.timeouts().with(CALL)
                : route.timeouts();
    }

    /** The one in force. */
    RouteTable table() {
        return tables.get();
    }

    BackendClient client() {
        return requireNonNull(client, "client: expected the handler to be started");
    }

    ForwardingFields forwarding() {
        return forwarding;
    }

    LimitsConfig limits() {
        return limits;
    }

    Tunnels tunnels() {
        return tunnels;
    }

    TrafficOutcomes traffic() {
        return traffic;
    }

    WaitingRoom waitingRoom() {
        return requireNonNull(waitingRoom, "waitingRoom: expected the handler to be started");
    }

    /** Requests held until something listens at their backends. */
    public int held() {
        WaitingRoom room = waitingRoom;
        return room == null ? 0 : room.held();
    }

    /** Requests that wait for a place at a backend. */
    public int queued() {
        WaitingRoom room = waitingRoom;
        return room == null ? 0 : room.queued();
    }

    /** Answers that nobody listens, by a page that asks again. */
    void respondReloading(ProxyExchange exchange, Response response, Callback callback, Failure failure) {
        responder.respondReloading(exchange, response, callback, failure);
    }

    /** Answers with an error; where a loopback address refused, after a look at its twin. */
    @SuppressWarnings("FutureReturnValueIgnored") // the look never fails
    void respond(ProxyExchange exchange, Response response, Callback callback, Failure failure) {
        Target target = exchange.target();
        InetSocketAddress refused = failure.error() == ProxyError.CONNECTION_REFUSED
                        && exchange.client().local()
                        && target != null
                ? loopback(target.url())
                : null;
        if (refused == null) {
            responder.respond(exchange, response, callback, failure);
            return;
        }
        // Completed on the dialer's thread, where a response must not be written.
        twin.answering(refused)
                .whenCompleteAsync(
                        (answering, never) ->
                                responder.respond(exchange, response, callback, hinting(failure, answering)),
                        EventLoop.of(exchange));
    }

    void broke(ProxyExchange exchange, Response response, Callback callback, RuntimeException thrown) {
        responder.broke(exchange, response, callback, thrown);
    }

    private static Failure hinting(Failure failure, Optional<InetSocketAddress> answering) {
        return answering
                .map(twin -> failure.advising("but " + text(twin) + " answers: write that address as the target, or"
                        + " just the port, which tries both"))
                .orElse(failure);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress() instanceof Inet6Address ? "[::1]" : "127.0.0.1";
        return host + ":" + address.getPort();
    }

    private static @Nullable InetSocketAddress loopback(TargetUrl url) {
        boolean literal = url.host().equals("127.0.0.1") || url.host().equals("::1");
        if (!literal) {
            return null;
        }
        InetAddress address = InetAddresses.forString(url.host());
        return new InetSocketAddress(address, url.port());
    }
}
