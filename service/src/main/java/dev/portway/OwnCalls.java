package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyExchange;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Asks the program's handler about each call, before the proxy does. Thread-safe, as far as that handler is. */
final class OwnCalls extends Handler.Wrapper {

    private final CallHandler own;
    private final Handler proxy;

    OwnCalls(CallHandler own, Handler proxy) {
        super(proxy);
        this.own = requireNonNull(own, "own");
        this.proxy = requireNonNull(proxy, "proxy");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = ProxyExchange.of(request);
        Forwarder forwarder = new Forwarder(exchange, proxy);
        // A call that it forwarded is handled, whatever it says.
        return own.handle(exchange, response, callback, forwarder)
                || forwarder.used()
                || super.handle(request, response, callback);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
