package dev.portway;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A program's own handler of the proxy's calls, before any route is sought. It is called by the threads that carry the
 * traffic, so it must not block; one that has to wait goes on elsewhere and completes the callback later.
 */
@FunctionalInterface
public interface CallHandler {

    /**
     * Handles a call as one of Jetty's handlers does: answers it, has it forwarded, or leaves it alone.
     *
     * @param forwarder forwards this call, once, with what is changed in it
     * @return whether {@code callback} is completed by the handler or its forwarder; where not, the call goes the usual way
     * @throws Exception answered with 500, where {@code callback} is not completed yet
     */
    boolean handle(Request request, Response response, Callback callback, Forwarder forwarder) throws Exception;
}
