package dev.portway.exchange;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy tells a backend about the client: {@code X-Forwarded-For/-Proto/-Host/-Port}, {@code Forwarded}
 * (RFC 7239) and {@code Via} (RFC 9110, section 7.6.3). A client's own are dropped, unless its peer is trusted; then
 * they are extended. Thread-safe.
 */
public final class ForwardingFields {

    private final String pseudonym;
    private final Recent<Said, List<HttpField>> recent = new Recent<>(this::fields);

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
        if (Fields.contain(headers, HttpHeader.VIA)) {
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
        Said said = new Said(
                client.peer(),
                from.get(HttpHeader.HOST),
                exchange.isSecure(),
                exchange.getConnectionMetaData().getProtocol());
        List<HttpField> own = said.longHost() ? fields(said) : recent.get(said);
        boolean alone = !client.trusted() && !Fields.contain(from, HttpHeader.VIA);
        for (int i = 0; i < own.size(); i++) {
            to.add(alone ? own.get(i) : behindTheirs(own.get(i), client, from));
        }
    }

    /** What is said of a client that says nothing itself. */
    private List<HttpField> fields(Said said) {
        String scheme = said.secure ? "https" : "http";
        String version = said.protocol.startsWith("HTTP/") ? said.protocol.substring(5) : said.protocol;
        List<HttpField> fields = new ArrayList<>();
        fields.add(new WrittenField(HttpHeader.X_FORWARDED_FOR, said.peer));
        fields.add(new WrittenField(HttpHeader.X_FORWARDED_PROTO, scheme));
        if (said.host != null) {
            fields.add(new WrittenField(HttpHeader.X_FORWARDED_HOST, said.host));
        }
        fields.add(new WrittenField(HttpHeader.X_FORWARDED_PORT, port(said.host, said.secure)));
        fields.add(new WrittenField(HttpHeader.FORWARDED, element(said.peer, said.host, scheme)));
        fields.add(new WrittenField(HttpHeader.VIA, version + ' ' + pseudonym));
        return List.copyOf(fields);
    }

    /** The same where a trusted peer has told of whoever was before it: that is kept, or stands before it. */
    private static HttpField behindTheirs(HttpField own, Client client, HttpFields from) {
        HttpHeader name = own.getHeader();
        if ((!client.trusted() && name != HttpHeader.VIA) || !from.contains(name)) {
            return own;
        }
        boolean list = name == HttpHeader.VIA || name == HttpHeader.X_FORWARDED_FOR || name == HttpHeader.FORWARDED;
        return new HttpField(name, list ? joined(from, name, own.getValue()) : kept(from, name, own.getValue()));
    }

    private static String kept(HttpFields from, HttpHeader name, String own) {
        String theirs = from.get(name);
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
    private static String port(@Nullable String host, boolean secure) {
        if (host != null) {
            int colon = host.lastIndexOf(':');
            if (colon >= 0 && colon > host.lastIndexOf(']') && colon + 1 < host.length()) {
                return host.substring(colon + 1);
            }
        }
        return secure ? "443" : "80";
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

    /**
     * What of a request decides what is said about its client.
     *
     * @param peer the other end of the connection
     * @param host as the client wrote it; null for none
     * @param protocol such as {@code HTTP/1.1}
     */
    private record Said(String peer, @Nullable String host, boolean secure, String protocol) {

        private static final int MAX_HOST =
                255; // of a name (RFC 1035, section 2.3.4); what is longer is not worth its memory

        boolean longHost() {
            return host != null && host.length() > MAX_HOST;
        }
    }
}
