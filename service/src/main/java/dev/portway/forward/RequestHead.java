package dev.portway.forward;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Fields;
import dev.portway.exchange.ForwardingFields;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.TrailerFields;
import dev.portway.routing.RequestPath;
import dev.portway.transport.BackendRequest;
import dev.portway.upstream.Target;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.jspecify.annotations.Nullable;

/**
 * The head of a client's request on its way to the backend: what concerns the client's connection is taken out, and what
 * frames the body, which is framed anew; then rules change what they say, and what is said about the client is put in.
 */
final class RequestHead {

    private RequestHead() {}

    /**
     * The request as the exchange's target gets it.
     *
     * @param upgrade that is asked of the backend; null for none
     * @param body null for none
     * @param held whether the body waits for the backend's word
     */
    static BackendRequest of(
            ProxyExchange exchange,
            ForwardingFields forwarding,
            @Nullable Upgrade upgrade,
            Content.@Nullable Source body,
            boolean held) {
        Target target = requireNonNull(exchange.target());
        HttpFields from = exchange.getHeaders();
        HttpFields.Mutable to = HttpFields.build();
        copy(exchange, from, to, target.hostHeader(), forwarding);
        HttpURI uri = exchange.getHttpURI();
        OutgoingRequest head =
                new OutgoingRequest(exchange.getMethod(), RequestPath.resolveDots(uri.getPath()), uri.getQuery(), to);
        exchange.edit(head);
        if (upgrade != null) {
            upgrade.ask(to);
        }
        forwarding.add(exchange, to);
        byte[] own = head.body();
        Content.Source sent = own == null ? body : new ByteBufferContentSource(ByteBuffer.wrap(own));
        return new BackendRequest(
                head.method(),
                target.requestTarget(head.path(), head.query()),
                to,
                sent,
                held,
                own == null && Fields.contain(from, HttpHeader.TRANSFER_ENCODING)
                        ? () -> TrailerFields.endToEnd(
                                exchange.getTrailers(),
                                field -> saidByTheProxy(field, exchange, forwarding)
                                        || exchange.withholds(field.getName()))
                        : null,
                sent == null && exchange.attempts() == 1 && sentTwiceAtEase(head.method()));
    }

    /** The many: their connection is spared a look before they go by it. */
    private static boolean sentTwiceAtEase(String method) {
        return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
    }

    private static boolean saidByTheProxy(HttpField field, ProxyExchange exchange, ForwardingFields forwarding) {
        return forwarding.replaces(field, exchange.client().trusted(), exchange.believed());
    }

    /** What a client says of its body, which is not sent where there is another one. */
    private static boolean describesBody(HttpField field) {
        return field.getHeader() == HttpHeader.EXPECT
                || field.getLowerCaseName().startsWith("content-");
    }

    private static void copy(
            ProxyExchange exchange,
            HttpFields from,
            HttpFields.Mutable to,
            @Nullable String host,
            ForwardingFields forwarding) {
        HopByHop hop = HopByHop.of(from);
        boolean ownBody = exchange.sendsOwnBody();
        boolean named = false;
        for (HttpField field : from) {
            if (field.getHeader() == HttpHeader.HOST) {
                named = true;
                if (host == null) {
                    to.add(field);
                } else {
                    to.add(HttpHeader.HOST, host);
                }
            } else if (!(ownBody ? describesBody(field) : field.getHeader() == HttpHeader.CONTENT_LENGTH)
                    && !hop.covers(field)
                    && !saidByTheProxy(field, exchange, forwarding)) {
                to.add(field);
            }
        }
        if (!named) {
            HttpURI uri = exchange.getHttpURI();
            if (host != null) {
                to.add(HttpHeader.HOST, host);
            } else if (uri.isAbsolute() && uri.getAuthority() != null) {
                to.add(HttpHeader.HOST, uri.getAuthority()); // RFC 9112, section 3.2.2
            }
        }
        if (Fields.contain(from, HttpHeader.TE, "trailers")) {
            to.add(HttpHeader.TE, "trailers");
        }
    }
}
