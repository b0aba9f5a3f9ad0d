package dev.portway.policy;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.ProxyExchange;
import dev.portway.routing.PolicyCompiler;
import dev.portway.routing.Route;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads a request through the rules of its route; one without rules passes at once. Thread-safe. */
public final class PolicyHandler extends Handler.Wrapper {

    private final ErrorResponder responder;

    public PolicyHandler(ErrorResponder responder, Handler next) {
        super(next);
        this.responder = requireNonNull(responder, "responder");
    }

    /** Makes the rules that this handler knows how to follow; a request meets the kinds in the order of {@code factories}. */
    public static PolicyCompiler compiler(List<PolicyFactory> factories) {
        return Policies.compiler(factories);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = ProxyExchange.of(request);
        Route route = exchange.route();
        if (route == null || !(route.policies() instanceof Policies policies)) {
            return super.handle(exchange, response, callback);
        }
        new PolicyWalk(policies, responder, getHandler(), exchange, response, callback).proceed();
        return true;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
