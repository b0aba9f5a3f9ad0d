package dev.portway.server;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ErrorAnswer;
import dev.portway.exchange.ErrorResponder;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.ClientListener;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Jetty refuses before any handler sees it, malformed requests first of all: on the proxy's listeners in
 * the proxy's own words, elsewhere as {@code admin} has it. Thread-safe.
 */
final class RequestErrorHandler implements Request.Handler {

    private final RecordHandler records;
    private final ErrorResponder responder;
    private final Request.Handler admin;

    RequestErrorHandler(RecordHandler records, ErrorResponder responder, Request.Handler admin) {
        this.records = requireNonNull(records, "records");
        this.responder = requireNonNull(responder, "responder");
        this.admin = requireNonNull(admin, "admin");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connector connector = request.getConnectionMetaData().getConnector();
        if (!ClientListener.NAME.equals(connector.getName())) {
            return admin.handle(request, response, callback);
        }
        Throwable thrown = (Throwable) request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        HttpException refusal = thrown instanceof HttpException http ? http : null;
        int status = statusOf(refusal == null ? response.getStatus() : refusal.getCode());
        ProxyError error = errorOf(status);

        ProxyExchange exchange = records.exchangeOf(request);
        String cause = causeOf(status, refusal, thrown);
        exchange.failed(error, cause);
        ErrorAnswer.Detail detail = exchange.client().local() ? new ErrorAnswer.Detail(null, null, cause, null) : null;
        Request.addCompletionListener(request, failure -> records.refused(exchange, response));
        responder.respond(
                request, response, callback, new ErrorAnswer(error, status, exchange.requestId(), null, detail));
        return true;
    }

    /** Jetty's, but nobody is asked to upgrade to a version that is not spoken here. */
    private static int statusOf(int status) {
        return status == HttpStatus.UPGRADE_REQUIRED_426 ? HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 : status;
    }

    private static ProxyError errorOf(int status) {
        return switch (status) {
            case 413 -> ProxyError.CONTENT_TOO_LARGE;
            case 414 -> ProxyError.URI_TOO_LONG;
            case 431 -> ProxyError.HEADERS_TOO_LARGE;
            case 503 -> ProxyError.NO_BACKEND;
            case 505 -> ProxyError.BAD_REQUEST;
            default -> status < 500 ? ProxyError.BAD_REQUEST : ProxyError.INTERNAL;
        };
    }

    private static String causeOf(int status, @Nullable HttpException refusal, @Nullable Throwable thrown) {
        if (refusal != null) {
            String reason = refusal.getReason();
            return reason == null ? "the request is malformed" : "the request is malformed: " + reason;
        }
        if (status == 503) {
            return "the proxy is stopping";
        }
        return thrown == null ? "the proxy failed" : "the proxy failed: " + thrown;
    }
}
