package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Fields;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.TrailerFields;
import dev.portway.transport.BackendResponse;
import dev.portway.upstream.Stickiness;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** The head of a backend's response on its way to the client. */
final class ResponseHead {

    private ResponseHead() {}

    /**
     * Copies status and fields, adds a {@code Date} where the backend sent none, and changes what the rules say.
     *
     * @param stickiness as for {@link #bind}
     */
    static void copy(ProxyExchange exchange, @Nullable Stickiness stickiness, BackendResponse from, Response to) {
        HttpFields fields = from.fields();
        to.setStatus(from.status());
        HopByHop.copyEndToEnd(fields, to.getHeaders());
        bind(exchange, stickiness, to);
        if (from.status() == HttpStatus.NO_CONTENT_204) {
            to.getHeaders().remove(HttpHeader.CONTENT_LENGTH); // RFC 9110, section 8.6
        }
        if (!Fields.contain(fields, HttpHeader.DATE)) {
            to.getHeaders()
                    .add(exchange.getConnectionMetaData()
                            .getConnector()
                            .getServer()
                            .getDateField());
        }
        boolean lengthUnknown = HttpMethod.HEAD.is(exchange.getMethod()) && !fields.contains(HttpHeader.CONTENT_LENGTH);
        if (lengthUnknown || trailersMayCome(exchange, from)) {
            // Trailers come only in chunks; elsewhere a supplier would cost the response its Content-Length. To HEAD it
            // keeps Jetty from taking the body that is not there for one of no bytes.
            to.setTrailersSupplier(
                    () -> TrailerFields.endToEnd(from.trailers(), field -> exchange.hides(field.getName())));
        }
        exchange.edit(to);
    }

    /**
     * Copies the backend's agreement to another protocol instead, and changes what the rules say.
     *
     * @param stickiness as for {@link #bind}
     */
    static void agree(
            ProxyExchange exchange,
            @Nullable Stickiness stickiness,
            Upgrade upgrade,
            BackendResponse from,
            Response to) {
        upgrade.agree(from, to);
        bind(exchange, stickiness, to);
        exchange.edit(to);
    }

    /**
     * Binds the client to the target, where the route says so and it is not.
     *
     * @param stickiness of the targets among which it was chosen; null for none
     */
    static void bind(ProxyExchange exchange, @Nullable Stickiness stickiness, Response to) {
        if (stickiness == null) {
            return;
        }
        boolean secure = exchange.client().scheme().equals("https");
        String cookie = stickiness.bind(exchange, requireNonNull(exchange.target()), secure);
        if (cookie != null) {
            to.getHeaders().add(HttpHeader.SET_COOKIE, cookie);
        }
    }

    /**
     * Whether the end must not be sent in one with the head, because Jetty would say of a body that may not be there, and
     * of which nothing is known, that it has no bytes. HTTP/1.1 has no such end.
     */
    static boolean endsApart(ProxyExchange exchange, Response response) {
        boolean bodiless = HttpMethod.HEAD.is(exchange.getMethod())
                || response.getStatus() == HttpStatus.NO_CONTENT_204
                || response.getStatus() == HttpStatus.NOT_MODIFIED_304;
        return bodiless
                && exchange.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2
                && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH);
    }

    /** Over HTTP/2 they come behind any body; to a client of HTTP/1.1 only behind one without a length. */
    private static boolean trailersMayCome(ProxyExchange exchange, BackendResponse from) {
        if (from.version() != HttpVersion.HTTP_2) {
            return Fields.contain(from.fields(), HttpHeader.TRANSFER_ENCODING);
        }
        boolean bodiless = from.status() == HttpStatus.NO_CONTENT_204 || from.status() == HttpStatus.NOT_MODIFIED_304;
        boolean together = exchange.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        return !bodiless && (together || !from.fields().contains(HttpHeader.CONTENT_LENGTH));
    }

    /** Whether a body follows that may pause as long as it likes. */
    static boolean eventStream(BackendResponse response) {
        String type = response.fields().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    /** Whether the client has had every byte that the head announced. */
    static boolean promiseKept(Response response) {
        long promised = response.isCommitted() ? response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) : -1;
        return promised >= 0 && Response.getContentBytesWritten(response) >= promised;
    }
}
