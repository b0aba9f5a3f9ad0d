package dev.portway.tunnel;

import static java.util.Objects.requireNonNull;

import dev.portway.config.RateLimitConfig;
import dev.portway.config.TunnelConfig;
import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.auth.PasswordFile;
import dev.portway.policy.limit.LimitPolicy;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendConnector;
import dev.portway.transport.EventLoops;
import dev.portway.upstream.BackendPool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxy: takes the requests that no route was found for because they are for other hosts, CONNECT first of all,
 * and lets those with a route pass. What it does with one is in {@link Outbound}. Thread-safe.
 */
public final class OutboundHandler extends Handler.Wrapper {

    private static final Duration NAME_RESOLUTION = Duration.ofSeconds(5);
    private static final int PASSWORD_THREADS = 2;
    private static final int PASSWORDS_WAITING = 128;

    private final Supplier<RouteTable> tables;
    private final Tunnels tunnels;
    private final ErrorResponder responder;
    private final BackendPool backends;
    private final ThreadPoolExecutor passwordThreads = new ThreadPoolExecutor(
            PASSWORD_THREADS,
            PASSWORD_THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(PASSWORDS_WAITING),
            OutboundHandler::passwordThread);
    private volatile @Nullable PasswordFile passwords; // written by whoever first finds the file to be another
    private volatile @Nullable Limits limits; // written by whoever first finds the rule to be another
    private @Nullable Parts parts; // set when started

    /**
     * A handler in front of {@code next}, which forwards.
     *
     * @param clock for what is noted of the hosts it goes to
     */
    public OutboundHandler(
            Supplier<RouteTable> tables, Tunnels tunnels, ErrorResponder responder, InstantSource clock, Handler next) {
        super(next);
        this.tables = requireNonNull(tables, "tables");
        this.tunnels = requireNonNull(tunnels, "tunnels");
        this.responder = requireNonNull(responder, "responder");
        this.backends = new BackendPool(clock);
        passwordThreads.allowCoreThreadTimeOut(true);
    }

    private static Thread passwordThread(Runnable task) {
        Thread thread = new Thread(task, "portway-password");
        thread.setDaemon(true);
        return thread;
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
        parts = new Parts(
                tunnels, responder, backends, connector, names, new OwnListeners(getServer()), passwordThreads);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        passwordThreads.shutdownNow();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = ProxyExchange.of(request);
        if (exchange.route() != null) {
            return super.handle(exchange, response, callback);
        }
        RouteTable table = tables.get();
        TunnelConfig rules = table.config().proxy().tunnel();
        PasswordFile file = rules.credentials() == null ? null : passwords(rules.credentials());
        LimitPolicy limit = rules.rateLimit() == null ? null : limits(rules.rateLimit());
        new Outbound(requireNonNull(parts), table, limit, file, exchange, response, callback, getHandler()).begin();
        return true;
    }

    private PasswordFile passwords(Path file) {
        PasswordFile current = passwords;
        if (current == null || !current.file().equals(file)) {
            current = new PasswordFile(file, getServer().getThreadPool());
            passwords = current;
        }
        return current;
    }

    private LimitPolicy limits(RateLimitConfig rule) {
        Limits current = limits;
        if (current == null || !current.rule().equals(rule)) {
            synchronized (this) {
                current = limits;
                if (current == null || !current.rule().equals(rule)) {
                    current = new Limits(rule, LimitPolicy.of(rule));
                    limits = current;
                }
            }
        }
        return current.policy();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** What was counted for one rule. */
    private record Limits(RateLimitConfig rule, LimitPolicy policy) {}

    /** What every request for another host needs. */
    record Parts(
            Tunnels tunnels,
            ErrorResponder responder,
            BackendPool backends,
            BackendConnector connector,
            SocketAddressResolver names,
            OwnListeners own,
            Executor passwordThreads) {}
}
