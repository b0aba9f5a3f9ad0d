package dev.portway.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.exchange.ErrorAnswer.Detail;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the proxy's own errors: a page for people, problem+json for programs, a line of text otherwise. Thread-safe. */
public final class ErrorResponder {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponder.class);

    private final ErrorPages pages;

    public ErrorResponder(ErrorPages pages) {
        this.pages = requireNonNull(pages, "pages");
    }

    /** Answers an exchange that failed before its response was committed, and records the failure in it. */
    public void respond(ProxyExchange exchange, Response response, Callback callback, Failure failure) {
        exchange.failed(failure.error(), failure.cause());
        compose(exchange, response, body(exchange, answer(exchange, failure)), callback, exchange::edit);
    }

    /**
     * Answers a browser that goes to a page where nothing listens: by a page that goes there again as soon as something does.
     */
    public void respondReloading(ProxyExchange exchange, Response response, Callback callback, Failure failure) {
        Failure absent = new Failure(ProxyError.NO_BACKEND, failure.cause(), failure.advice(), failure.retryAfter());
        exchange.failed(absent.error(), absent.cause());
        ErrorAnswer answer = answer(exchange, absent);
        compose(exchange, response, html(answer, ErrorPage.reloading(answer)), callback, exchange::edit);
    }

    /** The end of what a handler did not expect: an answer for the client, and a line for whoever mends it. */
    public void broke(ProxyExchange exchange, Response response, Callback callback, Throwable thrown) {
        LOG.error("request {} failed inside the proxy", exchange.requestId(), thrown);
        Failure failure = new Failure(ProxyError.INTERNAL, "the proxy failed: " + thrown);
        if (response.isCommitted()) {
            exchange.failed(failure.error(), failure.cause());
            callback.failed(thrown);
        } else {
            respond(exchange, response, callback, failure);
        }
    }

    private static ErrorAnswer answer(ProxyExchange exchange, Failure failure) {
        Detail detail = exchange.client().local()
                ? new Detail(
                        exchange.routeId(),
                        exchange.target() == null
                                ? null
                                : exchange.target().url().withoutQuery(),
                        failure.cause(),
                        failure.advice())
                : null;
        return new ErrorAnswer(
                failure.error(), failure.error().status(), exchange.requestId(), failure.retryAfter(), detail);
    }

    /** Answers a request with {@code answer}, and completes {@code callback} when it is written. */
    public void respond(Request request, Response response, Callback callback, ErrorAnswer answer) {
        compose(request, response, body(request, answer), callback, head -> {});
    }

    private static void compose(
            Request request, Response response, Body body, Callback callback, Consumer<Response> edit) {
        ErrorAnswer answer = body.answer();
        response.reset();
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(request.getConnectionMetaData().getConnector().getServer().getDateField());
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("Proxy-Status", "portway; error=" + answer.error().type());
        if (answer.status() == HttpStatus.SERVICE_UNAVAILABLE_503
                || answer.status() == HttpStatus.TOO_MANY_REQUESTS_429) {
            headers.put(HttpHeader.RETRY_AFTER, seconds(answer.retryAfter()));
        }
        if (answer.error() == ProxyError.METHOD_REFUSED) {
            headers.put(HttpHeader.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        if (malformed(answer.error())) {
            // What follows on this connection cannot be told from what was malformed.
            headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CONTENT_TYPE, body.type());
        headers.put(HttpHeader.CONTENT_LENGTH, body.content().remaining());
        edit.accept(response);
        response.write(true, body.content(), new Drain(request, callback));
    }

    /** In whole seconds, at least one, which is also the guess where nobody knows. */
    private static long seconds(@Nullable Duration retryAfter) {
        return retryAfter == null
                ? 1
                : Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }

    private static boolean malformed(ProxyError error) {
        return error == ProxyError.BAD_REQUEST
                || error == ProxyError.CODING_UNKNOWN
                || error == ProxyError.HEADERS_TOO_LARGE
                || error == ProxyError.URI_TOO_LONG;
    }

    private Body body(Request request, ErrorAnswer answer) {
        byte[] page = pages.page(answer.status());
        if (page != null) {
            return new Body(answer, "text/html;charset=utf-8", ByteBuffer.wrap(page));
        }
        return switch (formOf(request)) {
            case HTML -> html(answer, ErrorPage.of(answer));
            case JSON ->
                new Body(
                        answer,
                        "application/problem+json",
                        UTF_8.encode(json(answer).toString()));
            case TEXT -> new Body(answer, "text/plain;charset=utf-8", UTF_8.encode(text(answer)));
        };
    }

    /** Best first; none where the field cannot be read, which must not cost anybody the answer. */
    private static List<String> accepted(Request request) {
        try {
            return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT);
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    /** The form that the client likes best (RFC 9110, section 12.5.1) of those there are. */
    private static Form formOf(Request request) {
        for (String accepted : accepted(request)) {
            int semicolon = accepted.indexOf(';');
            String type = (semicolon < 0 ? accepted : accepted.substring(0, semicolon))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            if (type.equals("text/html") || type.equals("application/xhtml+xml")) {
                return Form.HTML;
            }
            if (type.endsWith("/json") || type.endsWith("+json")) {
                return Form.JSON;
            }
            if (type.equals("text/plain")) {
                return Form.TEXT;
            }
        }
        return Form.TEXT;
    }

    private static String text(ErrorAnswer answer) {
        StringBuilder text = new StringBuilder(title(answer));
        Detail detail = answer.detail();
        if (detail != null) {
            text.append(": ").append(detail.cause());
            if (detail.route() != null) {
                text.append(" (route ").append(detail.route()).append(')');
            }
            if (detail.advice() != null) {
                text.append("; ").append(detail.advice());
            }
        }
        return text.append(" [request ")
                .append(answer.requestId())
                .append("]\n")
                .toString();
    }

    private static ObjectNode json(ErrorAnswer answer) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", HttpStatus.getMessage(answer.status()))
                .put("status", answer.status())
                .put("error", answer.error().type())
                .put("requestId", answer.requestId());
        Detail detail = answer.detail();
        if (detail != null) {
            json.put("detail", detail.cause());
            putIfPresent(json, "advice", detail.advice());
            putIfPresent(json, "route", detail.route());
            putIfPresent(json, "target", detail.target());
        }
        return json;
    }

    private static void putIfPresent(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static Body html(ErrorAnswer answer, String page) {
        return new Body(answer, "text/html;charset=utf-8", UTF_8.encode(page));
    }

    static String title(ErrorAnswer answer) {
        return answer.status() + " " + HttpStatus.getMessage(answer.status());
    }

    private enum Form {
        HTML,
        JSON,
        TEXT
    }

    private record Body(ErrorAnswer answer, String type, ByteBuffer content) {}
}
