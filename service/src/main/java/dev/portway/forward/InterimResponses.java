package dev.portway.forward;

import dev.portway.exchange.HopByHop;
import dev.portway.exchange.ProxyExchange;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Response;

/** The interim responses to one request, on their way to the client before the one that counts. Confined to its loop. */
final class InterimResponses {

    private static final CompletableFuture<Void> NONE = CompletableFuture.completedFuture(null);

    private CompletableFuture<Void> written = NONE;

    /**
     * Passes one on, where the client understands it.
     *
     * @param clientGone told where it could not be written: a client that leaves meanwhile is heard of in no other way
     */
    void pass(
            ProxyExchange exchange,
            Response proxyToClientResponse,
            int status,
            HttpFields headers,
            Consumer<Throwable> clientGone) {
        boolean understood = exchange.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0;
        if (understood && status != HttpStatus.CONTINUE_100) {
            HttpFields.Mutable fields = HttpFields.build();
            HopByHop.copyEndToEnd(headers, fields);
            for (Iterator<HttpField> each = fields.iterator(); each.hasNext(); ) {
                if (exchange.hides(each.next().getName())) {
                    each.remove();
                }
            }
            written = proxyToClientResponse.writeInterim(status, fields).whenComplete((done, failure) -> {
                if (failure != null) {
                    clientGone.accept(failure);
                }
            });
        }
    }

    /** Goes on when they are written: two writes at once are none, and a slow client gets these first. */
    void then(Runnable next) {
        if (written.isDone()) {
            next.run();
        } else {
            written = written.whenComplete((done, failure) -> next.run());
        }
    }
}
