package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ExchangeRecord;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.RequestIds;
import dev.portway.exchange.TrustedProxies;
import dev.portway.observe.AccessLog;
import dev.portway.observe.ProxyMetrics;
import dev.portway.transport.ClientEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The first handler: makes the exchange of a request, and counts and logs it when it has ended. Thread-safe. */
final class RecordHandler extends Handler.Wrapper {

    private final RequestIds ids;
    private final TrustedProxies trusted;
    private final ProxyMetrics metrics;
    private final AccessLog accessLog;

    RecordHandler(RequestIds ids, TrustedProxies trusted, ProxyMetrics metrics, AccessLog accessLog, Handler next) {
        super(next);
        this.ids = requireNonNull(ids, "ids");
        this.trusted = requireNonNull(trusted, "trusted");
        this.metrics = requireNonNull(metrics, "metrics");
        this.accessLog = requireNonNull(accessLog, "accessLog");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ProxyExchange exchange = exchangeOf(request);
        ClientEndPoint client = ClientEndPoint.of(request);
        if (client != null) {
            client.exchangeBegun();
        }
        metrics.begin();
        Request.addCompletionListener(request, failure -> {
            if (client != null) {
                client.exchangeEnded();
            }
            ended(exchange, response, failure);
        });
        return super.handle(exchange, response, callback);
    }

    /** A new exchange, not counted yet. */
    ProxyExchange exchangeOf(Request request) {
        return new ProxyExchange(request, ids.next(), trusted.clientOf(request));
    }

    /** Counts and logs an exchange that never came to {@link #handle}, because its request could not be read. */
    void refused(ProxyExchange exchange, Response response) {
        metrics.begin();
        record(exchange.record(response));
    }

    private void ended(ProxyExchange exchange, Response response, @Nullable Throwable failure) {
        if (failure != null && exchange.error() == null && !response.isCommitted()) {
            exchange.failed(ProxyError.CLIENT_CLOSED, failure.getMessage());
        }
        record(exchange.record(response));
    }

    private void record(ExchangeRecord ended) {
        metrics.record(ended);
        accessLog.record(ended);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
