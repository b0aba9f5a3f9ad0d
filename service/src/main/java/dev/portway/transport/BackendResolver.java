package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import dev.portway.health.NameLookup;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Finds the addresses of a backend without ever making the caller wait: addresses and {@code localhost} at once, names
 * by another thread, after which things go on on the loop that asked. For {@code localhost} both loopback addresses are tried, the one that answered last first.
 * Thread-safe.
 */
final class BackendResolver implements SocketAddressResolver {

    private static final InetAddress LOOPBACK_4 = InetAddresses.forString("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddresses.forString("::1");

    /** As the attempt's own limit is shorter, this one only ends what nobody waits for any more. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final NameLookup names;
    private final Function<Map<String, Object>, Executor> goingOn;
    private final Map<Integer, Boolean> answersOn6 = new ConcurrentHashMap<>();

    /** @param goingOn what runs the rest of a connect, by its context, when the addresses of its name are known */
    BackendResolver(NameLookup names, Function<Map<String, Object>, Executor> goingOn) {
        this.goingOn = requireNonNull(goingOn, "goingOn");
        this.names = requireNonNull(names, "names");
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (name.equals("localhost") || name.endsWith(".localhost")) { // RFC 6761, section 6.3
            promise.succeeded(loopback(port));
        } else if (InetAddresses.isInetAddress(name)) {
            promise.succeeded(List.of(new InetSocketAddress(InetAddresses.forString(name), port)));
        } else {
            var unused = names.addressesOf(name, LIMIT)
                    .whenComplete((addresses, failure) -> goingOn.apply(context).execute(() -> {
                        if (failure == null) {
                            promise.succeeded(at(addresses, port));
                        } else {
                            promise.failed(failure instanceof CompletionException ? failure.getCause() : failure);
                        }
                    }));
        }
    }

    private static List<InetSocketAddress> at(List<InetAddress> addresses, int port) {
        List<InetSocketAddress> sockets = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            sockets.add(new InetSocketAddress(address, port));
        }
        return sockets;
    }

    /** Remembers on which of its addresses a {@code localhost} backend listens. */
    void connected(InetSocketAddress remote) {
        if (remote.getAddress().isLoopbackAddress()) {
            answersOn6.put(remote.getPort(), !(remote.getAddress() instanceof Inet4Address));
        }
    }

    private List<InetSocketAddress> loopback(int port) {
        List<InetSocketAddress> addresses = new ArrayList<>(2);
        boolean first6 = answersOn6.getOrDefault(port, false);
        addresses.add(new InetSocketAddress(first6 ? LOOPBACK_6 : LOOPBACK_4, port));
        addresses.add(new InetSocketAddress(first6 ? LOOPBACK_4 : LOOPBACK_6, port));
        return addresses;
    }

    /** Tells a resolver of the connections that came about. */
    static final class Memory extends AbstractLifeCycle implements Connection.Listener {
        private final BackendResolver resolver;

        Memory(BackendResolver resolver) {
            this.resolver = resolver;
        }

        @Override
        public void onOpened(Connection connection) {
            if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote) {
                resolver.connected(remote);
            }
        }

        @Override
        public void onClosed(Connection connection) {
            // Nothing is forgotten: where it listened last is the best guess for where it listens next.
        }
    }
}
