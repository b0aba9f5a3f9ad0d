package dev.portway.exchange;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy tells a backend about the client: {@code X-Forwarded-For/-Proto/-Host/-Port}, {@code Forwarded}
 * (RFC 7239) and {@code Via} (RFC 9110, section 7.6.3). A client's own are dropped, unless its peer is trusted; then
 * they are extended. Immutable.
 */
public final class ForwardingFields {

    private final String pseudonym;

    /**
     * For one running proxy.
     *
     * @param pseudonym of this instance in {@code Via}; a token no other proxy has
     */
    public ForwardingFields(String pseudonym) {
        this.pseudonym = pseudonym;
    }

    /** Whether this instance has seen the request before. */
    public boolean loops(HttpFields headers) {
        if (headers.contains(HttpHeader.VIA)) {
            for (HttpField via : headers.getFields(HttpHeader.VIA)) {
                String value = via.getValue();
                if (value != null && value.contains(pseudonym)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether {@code field} is one of the client's that {@link #add} says anew, or that must not be believed.
     *
     * @param trusted whether the peer is a trusted proxy
     * @param target whether it is believed what it was asked for, too
     */
    public boolean replaces(HttpField field, boolean trusted, boolean target) {
        if (!target && TargetFields.contain(field)) {
            return true;
        }
        HttpHeader header = field.getHeader();
        if (header != null) {
            return switch (header) {
                case VIA, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT -> true;
                case X_FORWARDED_SERVER -> !trusted;
                default -> false;
            };
        }
        return tellsOfTheClient(field.getName(), trusted);
    }

    /** Adds them to a request that has been stripped of all that {@link #replaces} says. */
    public void add(ProxyExchange exchange, HttpFields.Mutable to) {
        HttpFields from = exchange.getHeaders();
        Client client = exchange.client();
        String host = from.get(HttpHeader.HOST);

        to.add(HttpHeader.X_FORWARDED_FOR, extended(client, from, HttpHeader.X_FORWARDED_FOR, client.peer()));
        String connectionScheme = exchange.isSecure() ? "https" : "http";
        to.add(HttpHeader.X_FORWARDED_PROTO, kept(client, from, HttpHeader.X_FORWARDED_PROTO, connectionScheme));
        if (host != null) {
            to.add(HttpHeader.X_FORWARDED_HOST, kept(client, from, HttpHeader.X_FORWARDED_HOST, host));
        }
        to.add(HttpHeader.X_FORWARDED_PORT, kept(client, from, HttpHeader.X_FORWARDED_PORT, port(host, exchange)));
        to.add(
                HttpHeader.FORWARDED,
                extended(client, from, HttpHeader.FORWARDED, element(client.peer(), host, connectionScheme)));
        String protocol = exchange.getConnectionMetaData().getProtocol();
        String version = protocol.startsWith("HTTP/") ? protocol.substring(5) : protocol;
        String via = version + ' ' + pseudonym;
        to.add(HttpHeader.VIA, from.contains(HttpHeader.VIA) ? joined(from, HttpHeader.VIA, via) : via);
    }

    private static String extended(Client client, HttpFields from, HttpHeader name, String own) {
        return client.trusted() && from.contains(name) ? joined(from, name, own) : own;
    }

    private static String kept(Client client, HttpFields from, HttpHeader name, String own) {
        String theirs = client.trusted() ? from.get(name) : null;
        return theirs == null ? own : theirs;
    }

    private static String joined(HttpFields from, HttpHeader name, String last) {
        StringBuilder joined = new StringBuilder();
        for (HttpField field : from.getFields(name)) {
            String value = field.getValue();
            if (value != null && !value.isBlank()) {
                joined.append(value).append(", ");
            }
        }
        return joined.append(last).toString();
    }

    private static String element(String peer, @Nullable String host, String scheme) {
        StringBuilder element = new StringBuilder("for=");
        if (peer.indexOf(':') >= 0) {
            element.append("\"[").append(peer).append("]\"");
        } else {
            element.append(peer);
        }
        if (host != null && !host.isEmpty()) {
            // A host with a port holds a colon, which only a quoted string may; Jetty lets no quote into Host.
            element.append(";host=\"").append(host).append('"');
        }
        return element.append(";proto=").append(scheme).toString();
    }

    /** The port the client asked for: the one in Host, else the scheme's own (behaviour 8). */
    private static String port(@Nullable String host, Request request) {
        if (host != null) {
            int colon = host.lastIndexOf(':');
            if (colon >= 0 && colon > host.lastIndexOf(']') && colon + 1 < host.length()) {
                return host.substring(colon + 1);
            }
        }
        return request.isSecure() ? "443" : "80";
    }

    /**
     * Whether a backend would take {@code name} for one of the fields that tell of the client. From a trusted peer that
     * is so only of an imitation: backends that make variables of field names (CGI, WSGI) read {@code X_Forwarded_For}
     * as {@code X-Forwarded-For}, and nobody means well by the underscore.
     */
    private static boolean tellsOfTheClient(String name, boolean trusted) {
        if (name.isEmpty() || (name.charAt(0) | 0x20) != 'x') {
            return false;
        }
        boolean imitation = name.indexOf('_') >= 0;
        if (trusted && !imitation) {
            return false;
        }
        String dashed = imitation ? name.replace('_', '-') : name;
        return dashed.regionMatches(true, 0, "X-Forwarded-", 0, 12) || dashed.equalsIgnoreCase("X-Real-IP");
    }
}
