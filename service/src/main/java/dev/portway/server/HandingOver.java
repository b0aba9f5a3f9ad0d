package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.transport.EventLoop;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives a request to the program's servlets in a {@link Handover}, and to the proxy where they hand it over. The proxy begins
 * when the servlet container is done with it, on the connection's event loop, and with the whole body once more. Thread-safe.
 */
final class HandingOver extends Handler.Wrapper {

    private final Handler proxy;

    /** @param servlets called by threads that may block, when the whole body has come */
    HandingOver(Handler servlets, Handler proxy) {
        super(servlets);
        this.proxy = requireNonNull(proxy, "proxy");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ByteBuffer body = Content.Source.asByteBuffer(request);
        Handover handover = new Handover(request, response, body.slice());
        return super.handle(
                handover,
                handover.answer(),
                Callback.from(
                        () -> {
                            if (handover.handedOver()) {
                                EventLoop.of(request).execute(() -> proxy(request, response, callback, body));
                            } else {
                                callback.succeeded();
                            }
                        },
                        callback::failed));
    }

    private void proxy(Request request, Response response, Callback callback, ByteBuffer body) {
        Handover again = new Handover(request, response, body);
        try {
            response.reset(); // the servlets' status and header fields
            if (!proxy.handle(again, response, callback)) {
                Response.writeError(again, response, callback, 404);
            }
        } catch (Exception e) {
            Response.writeError(again, response, callback, e);
        }
    }
}
