package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.HeaderEditsConfig;
import dev.portway.exchange.Drain;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/**
 * Forwards one call for a {@link CallHandler}, with what that has changed in it. The call takes the route that its host and
 * path lead to, and that route's rules, retries and limits, like any other; its rules have the last word. Confined to one
 * thread at a time.
 */
public final class Forwarder {

    private static final String WEBSOCKET_PREFIX = "sec-websocket-";

    private final ProxyExchange exchange;
    private final Handler proxy;
    private final List<HttpField> added = new ArrayList<>();
    private @Nullable Map<String, String> replacement;
    private @Nullable String method;
    private byte @Nullable [] body;
    private boolean forwardQuery = true;
    private final AtomicBoolean forwarded = new AtomicBoolean();

    Forwarder(ProxyExchange exchange, Handler proxy) {
        this.exchange = requireNonNull(exchange, "exchange");
        this.proxy = requireNonNull(proxy, "proxy");
    }

    /**
     * Has it sent by another method than the client's.
     *
     * @throws IllegalArgumentException if it is none, or CONNECT
     */
    public Forwarder method(String name) {
        boolean token = !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
        if (!token || HttpMethod.CONNECT.is(name.toUpperCase(Locale.ROOT))) {
            throw new IllegalArgumentException("method: " + name + " (expected: such as POST)");
        }
        method = name;
        return this;
    }

    /** Has this sent as the body, in UTF-8, in place of the client's, which is read and dropped. */
    public Forwarder body(String text) {
        return body(text.getBytes(UTF_8));
    }

    /** Has this sent as the body in place of the client's, which is read and dropped, and of what that says of it. */
    public Forwarder body(byte[] bytes) {
        body = bytes.clone();
        return this;
    }

    /**
     * Has these sent beside the client's header fields.
     *
     * @throws IllegalArgumentException if one is none, or is the proxy's to say
     */
    public Forwarder addHeaders(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            HeaderEditsConfig.checkOfRequest(name, value);
            added.add(new HttpField(name, value));
        });
        return this;
    }

    /**
     * Has these sent in place of all header fields of the client. What the proxy says itself stays.
     *
     * @throws IllegalArgumentException if one is none, or is the proxy's to say
     */
    public Forwarder replaceHeaders(Map<String, String> headers) {
        headers.forEach(HeaderEditsConfig::checkOfRequest);
        replacement = new LinkedHashMap<>(headers);
        return this;
    }

    /** Whether the client's query is sent, as it is unless this is false. */
    public Forwarder forwardQuery(boolean forward) {
        forwardQuery = forward;
        return this;
    }

    /**
     * Forwards the call and streams the answer. To be called once, by the thread that handles the call or by any other.
     *
     * @param response as the handler has it
     * @param callback completed once, when the answer is out or could not be had
     * @throws IllegalStateException if the call was forwarded already
     */
    public void forward(Response response, Callback callback) {
        if (!forwarded.compareAndSet(false, true)) {
            throw new IllegalStateException("the call was forwarded already (expected: once)");
        }
        EventLoop loop = EventLoop.of(exchange);
        if (loop.inside()) {
            begin(response, callback);
        } else {
            loop.execute(() -> begin(response, callback));
        }
    }

    /** Whether the call was forwarded. */
    boolean used() {
        return forwarded.get();
    }

    private void begin(Response response, Callback callback) {
        if (exchange.protocol() != null && (method != null || body != null)) {
            Response.writeError(
                    exchange,
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "no stream of another protocol goes here");
            return;
        }
        exchange.sendInstead(method, body != null);
        exchange.edits().request((self, request) -> change(request));
        exchange.edits().response((self, head) -> change(head));
        if (body != null && exchange.hasBody()) {
            new Drain(
                            exchange,
                            Callback.from(
                                    InvocationType.NON_BLOCKING,
                                    () -> proceed(response, callback),
                                    late -> Response.writeError(
                                            exchange, response, callback, HttpStatus.REQUEST_TIMEOUT_408)))
                    .succeeded();
        } else {
            proceed(response, callback);
        }
    }

    private void proceed(Response response, Callback callback) {
        try {
            if (!proxy.handle(exchange, response, callback)) {
                Response.writeError(exchange, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception e) {
            Response.writeError(exchange, response, callback, e);
        }
    }

    private void change(OutgoingRequest request) {
        if (replacement != null) {
            replace(request.fields(), replacement);
        }
        added.forEach(request.fields()::add);
        if (method != null) {
            request.method(method);
        }
        if (body != null) {
            request.body(body);
        }
        if (!forwardQuery) {
            request.query(null);
        }
    }

    private static void replace(HttpFields.Mutable fields, Map<String, String> replacement) {
        for (var each = fields.listIterator(); each.hasNext(); ) {
            HttpField field = each.next();
            boolean ofTheMessage = field.getHeader() == HttpHeader.HOST
                    || field.getHeader() == HttpHeader.TE
                    || field.getLowerCaseName().startsWith(WEBSOCKET_PREFIX);
            if (!ofTheMessage) {
                each.remove();
            }
        }
        replacement.forEach(fields::put);
    }

    /** The length of a body that is not there, since the backend was asked by HEAD. */
    private void change(Response response) {
        boolean ofABackend = exchange.error() == null && exchange.target() != null;
        if (ofABackend && HttpMethod.HEAD.is(method) && !HttpMethod.HEAD.is(exchange.getMethod())) {
            response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        }
    }
}
