package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Failure;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RefusedException;
import dev.portway.transport.ClientLink;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What the client of one request is answered: the interim responses of its backends on their way, then the one that counts, or
 * why there is none. The client's callback is completed by one of {@link #succeed}, {@link #fail}, {@link #reload} and
 * {@link #broke}, of which one is called, once; or by the tunnel that takes it over. Confined to the loop of the client's connection.
 */
final class Reply {

    private static final CompletableFuture<Void> NONE = CompletableFuture.completedFuture(null);

    private final ForwardHandler handler;
    private final ProxyExchange exchange;
    private final ClientLink client;
    private final Response proxyToClientResponse;
    private final Callback proxyToClientCallback;
    private CompletableFuture<Void> interims = NONE; // when the last of them is written

    /**
     * A reply of which nothing is written.
     *
     * @param response to the client
     * @param callback completed when the exchange is over
     */
    Reply(ForwardHandler handler, ProxyExchange exchange, Response response, Callback callback) {
        this.handler = requireNonNull(handler, "handler");
        this.exchange = requireNonNull(exchange, "exchange");
        this.client = ClientLink.of(exchange);
        this.proxyToClientResponse = requireNonNull(response, "response");
        this.proxyToClientCallback = requireNonNull(callback, "callback");
    }

    ClientLink client() {
        return client;
    }

    Response response() {
        return proxyToClientResponse;
    }

    Callback callback() {
        return proxyToClientCallback;
    }

    /**
     * Passes an interim response on, where the client understands it, behind those before it.
     *
     * @param clientGone told where it could not be written: a client that leaves meanwhile is heard of in no other way
     */
    void interim(int status, HttpFields headers, Consumer<Throwable> clientGone) {
        boolean understood = exchange.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0;
        if (understood && status != HttpStatus.CONTINUE_100) {
            HttpFields.Mutable fields = HttpFields.build();
            HopByHop.copyEndToEnd(headers, fields);
            for (Iterator<HttpField> each = fields.iterator(); each.hasNext(); ) {
                if (exchange.hides(each.next().getName())) {
                    each.remove();
                }
            }
            interims = interims.isDone()
                    ? write(status, fields, clientGone)
                    : interims.thenCompose(done -> write(status, fields, clientGone));
        }
    }

    private CompletableFuture<Void> write(int status, HttpFields fields, Consumer<Throwable> clientGone) {
        return proxyToClientResponse.writeInterim(status, fields).whenComplete((done, failure) -> {
            if (failure != null) {
                clientGone.accept(failure);
            }
        });
    }

    /** Whether the client has taken every interim response. */
    boolean idle() {
        return interims.isDone();
    }

    /** Goes on when the interim responses are written: two writes at once are none, and a slow client gets these first. */
    void then(Runnable next) {
        if (idle()) {
            next.run();
        } else {
            interims = interims.whenComplete((done, failure) -> {
                try {
                    next.run();
                } catch (Throwable e) {
                    // Nobody looks at this future's own failure.
                    broke(e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e));
                }
            });
        }
    }

    /** Whether the client has had every byte that it was promised. */
    boolean promiseKept() {
        return ResponseHead.promiseKept(proxyToClientResponse);
    }

    /** Nothing more is expected of a backend. */
    void forwarded() {
        client.forwarded();
    }

    /** Ends the response with the last of its body. */
    void succeed(Content.Chunk last) {
        LastChunk.write(last, exchange, proxyToClientResponse, new Callback.Nested(proxyToClientCallback) {
            @Override
            public void failed(Throwable failure) {
                if (failure instanceof RefusedException refused) {
                    fail(refused.failure(), refused);
                } else {
                    exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
                    super.failed(failure);
                }
            }
        });
    }

    /** Answers with an error, or breaks off a response that has begun. */
    void fail(Failure failure, Throwable cause) {
        forwarded();
        if (proxyToClientResponse.isCommitted() || failure.error() == ProxyError.CLIENT_CLOSED) {
            exchange.failed(failure.error(), failure.cause());
            client.resetOnClose();
            proxyToClientCallback.failed(cause);
        } else {
            then(() -> handler.respond(exchange, proxyToClientResponse, proxyToClientCallback, failure));
        }
    }

    /** Answers with a page that asks again, by itself. */
    void reload(Failure failure) {
        forwarded();
        then(() -> handler.respondReloading(exchange, proxyToClientResponse, proxyToClientCallback, failure));
    }

    /** What nobody expected has happened. */
    void broke(RuntimeException thrown) {
        forwarded();
        then(() -> handler.broke(exchange, proxyToClientResponse, proxyToClientCallback, thrown));
    }
}
