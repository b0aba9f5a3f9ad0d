package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Carried;
import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RequestIds;
import dev.portway.exchange.TrustedProxies;
import dev.portway.observe.AccessLog;
import dev.portway.observe.ProxyMetrics;
import dev.portway.transport.ClientLink;
import dev.portway.transport.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler: makes the exchange of a request, and counts and logs it when it has ended. When the proxy stops it waits for
 * those that are under way, and takes no more. Thread-safe.
 */
final class RecordHandler extends Handler.Wrapper implements Graceful {

    private static final Logger LOG = LoggerFactory.getLogger(RecordHandler.class);

    private static final Failure STOPPING = new Failure(ProxyError.NO_BACKEND, "the proxy is stopping");

    private final RequestIds ids;
    private final TrustedProxies trusted;
    private final ProxyMetrics metrics;
    private final AccessLog accessLog;
    private final ErrorResponder responder;
    private final Consumer<ExchangeRecord> exchanges;
    private final LongAdder underWay = new LongAdder();
    private final Shutdown shutdown = new Shutdown(this) {
        @Override
        public boolean isShutdownDone() {
            return underWay.sum() == 0;
        }
    };

    RecordHandler(
            RequestIds ids,
            TrustedProxies trusted,
            ProxyMetrics metrics,
            AccessLog accessLog,
            ErrorResponder responder,
            Consumer<ExchangeRecord> exchanges,
            Handler next) {
        super(next);
        this.ids = requireNonNull(ids, "ids");
        this.trusted = requireNonNull(trusted, "trusted");
        this.metrics = requireNonNull(metrics, "metrics");
        this.accessLog = requireNonNull(accessLog, "accessLog");
        this.responder = requireNonNull(responder, "responder");
        this.exchanges = requireNonNull(exchanges, "exchanges");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ProxyExchange exchange = exchangeOf(request);
        ClientLink client = ClientLink.of(request);
        client.exchangeBegun();
        metrics.begin();
        underWay.increment();
        request.addHttpStreamWrapper(stream -> new Ending(stream, exchange, client, response));
        try {
            // Asked after it was counted, so that none slips through. What a resource hands over began before.
            if (shutdown.isShutdown() && !(request instanceof Handover)) {
                responder.respond(exchange, response, callback, STOPPING);
                return true;
            }
            return super.handle(exchange, response, callback);
        } catch (Throwable thrown) {
            responder.broke(exchange, response, callback, thrown);
            return true;
        }
    }

    /** A new exchange, not counted yet. */
    ProxyExchange exchangeOf(Request request) {
        return new ProxyExchange(request, ids.next(), trusted.clientOf(request), EventLoop.of(request));
    }

    /** Counts and logs an exchange that never came to {@link #handle}, because its request could not be read. */
    void refused(ProxyExchange exchange, Response response) {
        metrics.begin();
        record(exchange.record(response));
    }

    private void over(ProxyExchange exchange, ClientLink client, Response response, @Nullable Throwable failure) {
        try {
            client.exchangeEnded();
            ended(exchange, response, failure);
        } catch (Throwable thrown) {
            // A program's listener may throw what it likes: the connection goes on.
            LOG.error("an exchange could not be recorded: {}", exchange.requestId(), thrown);
        } finally {
            underWay.decrement();
            shutdown.check();
        }
    }

    private void ended(ProxyExchange exchange, Response response, @Nullable Throwable failure) {
        if (failure != null && exchange.error() == null && !response.isCommitted()) {
            exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
        }
        ExchangeRecord ended = exchange.record(response);
        CompletionStage<Carried> tunnel = failure == null ? exchange.tunnel() : null;
        if (tunnel == null) {
            record(ended);
        } else {
            long began = System.nanoTime() - ended.totalNanos();
            tunnel.thenAccept(
                    carried -> record(ended.after(carried, System.currentTimeMillis(), System.nanoTime() - began)));
        }
    }

    private void record(ExchangeRecord ended) {
        metrics.record(ended);
        accessLog.record(ended);
        exchanges.accept(ended);
    }

    @Override
    protected void doStart() throws Exception {
        shutdown.cancel();
        super.doStart();
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return shutdown.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return shutdown.isShutdown();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** Hears of the end before Jetty goes on to the next request; as its completion listener, without a list of them. */
    private final class Ending extends HttpStream.Wrapper {
        private final ProxyExchange exchange;
        private final ClientLink client;
        private final Response response;

        Ending(HttpStream stream, ProxyExchange exchange, ClientLink client, Response response) {
            super(stream);
            this.exchange = exchange;
            this.client = client;
            this.response = response;
        }

        @Override
        public void succeeded() {
            over(exchange, client, response, null);
            super.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            over(exchange, client, response, failure);
            super.failed(failure);
        }
    }
}
