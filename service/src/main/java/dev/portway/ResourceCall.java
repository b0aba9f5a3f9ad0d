package dev.portway;

import static java.util.Objects.requireNonNull;

import dev.portway.server.Handover;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.process.internal.RequestScoped;

/**
 * The call that a resource of a {@link ProxyBundle}'s application answers, and may have forwarded by the proxy instead: a
 * parameter of its method, {@code @Context ResourceCall call}. Confined to one thread at a time.
 */
public final class ResourceCall {

    private static final String CHANGES = ResourceCall.class.getName() + ".changes";

    private final Handover handover;

    private ResourceCall(Handover handover) {
        this.handover = requireNonNull(handover, "handover");
    }

    /**
     * Has the call forwarded when the resource is through with it; what that answers is dropped. The call takes the route that
     * its host and path lead to, with the body that the client sent, whether the resource has read it or not.
     *
     * @param changes says what is to be changed in it, and does not forward it itself; called later, by a thread that
     *     carries the traffic, so it must not block. What it throws is answered with 500
     * @throws IllegalStateException if it was forwarded already, or the answer has begun
     */
    public void forward(Consumer<Forwarder> changes) {
        requireNonNull(changes, "changes");
        handover.toProxy(CHANGES, changes);
    }

    /** As a {@link CallHandler}: forwards a call that a resource has had. */
    @SuppressWarnings("unchecked") // no other class sets this attribute
    static boolean proceed(Request request, Response response, Callback callback, Forwarder forwarder) {
        if (!(request.getAttribute(CHANGES) instanceof Consumer<?> changes)) {
            return false;
        }
        ((Consumer<Forwarder>) changes).accept(forwarder);
        forwarder.forward(response, callback);
        return true;
    }

    /** Has Jersey give it to resources. */
    static final class Binder extends AbstractBinder {

        @Override
        protected void configure() {
            bindFactory(Source.class).to(ResourceCall.class).in(RequestScoped.class);
        }
    }

    /** Where Jersey has it from. */
    static final class Source implements Supplier<ResourceCall> {

        private final HttpServletRequest request;

        @Inject
        Source(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public ResourceCall get() {
            return new ResourceCall(Handover.of(request));
        }
    }
}
