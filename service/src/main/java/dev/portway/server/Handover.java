package dev.portway.server;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.ServletRequest;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request that the program's servlets have, and may hand over to the proxy: what they make of it from then on is dropped,
 * and the proxy answers when they are through. Thread-safe.
 */
public final class Handover extends Request.Wrapper {

    private static final String SELF = Handover.class.getName();

    private final Content.Source content;
    private final Answer answer;
    private volatile boolean handedOver; // written once by toProxy(), read by whichever thread completes the answer

    /** @param content the whole body */
    Handover(Request request, Response response, ByteBuffer content) {
        super(request);
        this.content = Content.Source.from(content);
        this.answer = new Answer(response);
        setAttribute(SELF, this); // servlets have the request in wrappers of their own
    }

    /**
     * The one that a servlet has.
     *
     * @throws IllegalArgumentException if {@code request} is none that can be handed over
     */
    public static Handover of(ServletRequest request) {
        if (request.getAttribute(SELF) instanceof Handover handover) {
            return handover;
        }
        throw new IllegalArgumentException("request: expected one of a resource beside a proxy");
    }

    /**
     * Hands it over, once the servlets are through with it.
     *
     * @param attribute that the proxy's request is to have
     * @param value of that
     * @throws IllegalStateException if it was handed over already, or the answer has begun
     */
    public synchronized void toProxy(String attribute, Object value) {
        if (handedOver) {
            throw new IllegalStateException("the call was forwarded already (expected: once)");
        }
        if (answer.isCommitted()) {
            throw new IllegalStateException("the answer has begun (expected: a call that is forwarded before that)");
        }
        setAttribute(attribute, value);
        handedOver = true;
    }

    boolean handedOver() {
        return handedOver;
    }

    /** Where the servlets write. */
    Response answer() {
        return answer;
    }

    @Override
    public Content.@Nullable Chunk read() {
        return content.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        content.demand(requireNonNull(demandCallback, "demandCallback"));
    }

    @Override
    public void fail(Throwable failure) {
        content.fail(failure);
    }

    /** Drops what comes after the hand-over. */
    private final class Answer extends Response.Wrapper {

        Answer(Response response) {
            super(Handover.this, response);
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer bytes, Callback callback) {
            if (handedOver) {
                callback.succeeded();
            } else {
                super.write(last, bytes, callback);
            }
        }
    }
}
