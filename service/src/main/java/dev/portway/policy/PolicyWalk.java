package dev.portway.policy;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.EventLoop;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request on its way through the rules of its route. Confined to the loop of its exchange. */
public final class PolicyWalk {

    private final Policies policies;
    private final ErrorResponder responder;
    private final Handler last;
    private final ProxyExchange exchange;
    private final Callback callback;
    private Response response;
    private int next;

    PolicyWalk(
            Policies policies,
            ErrorResponder responder,
            Handler last,
            ProxyExchange exchange,
            Response response,
            Callback callback) {
        this.policies = requireNonNull(policies, "policies");
        this.responder = requireNonNull(responder, "responder");
        this.last = requireNonNull(last, "last");
        this.exchange = requireNonNull(exchange, "exchange");
        this.response = requireNonNull(response, "response");
        this.callback = requireNonNull(callback, "callback");
    }

    /** The request, and what is known of it. */
    public ProxyExchange exchange() {
        return exchange;
    }

    /** Where the response is written. */
    public Response response() {
        return response;
    }

    /** Completed when the exchange is over, by whoever answers. */
    public Callback callback() {
        return callback;
    }

    /** Where everything about this request happens. */
    public EventLoop loop() {
        return EventLoop.of(exchange);
    }

    /**
     * Has a rule go on with what it has learnt elsewhere where everything about this request happens; where that fails, the
     * request is answered all the same.
     */
    public void later(Runnable step) {
        loop().execute(() -> {
            try {
                step.run();
            } catch (Throwable thrown) {
                responder.broke(exchange, response, callback, thrown);
            }
        });
    }

    /** Has the rest of the way write to {@code wrapper}, which passes on to {@link #response}. */
    public void wrap(Response wrapper) {
        response = wrapper;
    }

    /** Lets the request on to the next rule, behind the last one to its backend. */
    public void proceed() {
        try {
            if (next < policies.size()) {
                policies.get(next++).apply(this);
            } else {
                last.handle(exchange, response, callback);
            }
        } catch (Throwable thrown) {
            responder.broke(exchange, response, callback, thrown);
        }
    }

    /** Answers with an error. */
    public void refuse(Failure failure) {
        responder.respond(exchange, response, callback, failure);
    }
}
