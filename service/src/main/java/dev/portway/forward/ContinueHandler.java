package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * Lets an upload begin when the backend says {@code 100 Continue} (RFC 9110, section 10.1.1). Jetty's own also takes
 * hold of every other answer to a request with {@code Expect}, and keeps its body in memory; this one lets it pass.
 */
final class ContinueHandler extends ContinueProtocolHandler {

    private final ForwardHandler handler;

    ContinueHandler(ForwardHandler handler) {
        this.handler = requireNonNull(handler, "handler");
    }

    @Override
    public boolean accept(Request request, Response response) {
        return response.getStatus() == 100
                && ((BackendRequest) request).attempt().continued();
    }

    @Override
    protected @Nullable Runnable onContinue(Request request) {
        return handler.upload((BackendRequest) request);
    }
}
