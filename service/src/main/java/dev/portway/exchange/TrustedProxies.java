package dev.portway.exchange;

import com.google.common.net.InetAddresses;
import dev.portway.config.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Decides whom to believe about the client of a request. Thread-safe. */
public final class TrustedProxies {

    private static final String UNKNOWN = "unknown";

    private final List<Cidr> blocks;
    private final Recent<InetAddress, Peer> recent = new Recent<>(this::peer);

    public TrustedProxies(List<Cidr> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /**
     * The client of {@code request}: the peer, or, when the peer is trusted, the last address of
     * {@code X-Forwarded-For} that is not trusted itself (anything before that one a client could have made up).
     */
    public Client clientOf(Request request) {
        InetAddress address = addressOf(request.getConnectionMetaData().getRemoteSocketAddress());
        boolean secure = request.getConnectionMetaData().isSecure();
        String scheme = secure ? "https" : "http";
        if (address == null) {
            return new Client(UNKNOWN, UNKNOWN, scheme, false, true);
        }
        Peer peer = recent.get(address);
        if (!peer.trusted) {
            return secure ? peer.overTls : peer.inClear;
        }
        HttpFields headers = request.getHeaders();
        String forwardedProto = headers.get(HttpHeader.X_FORWARDED_PROTO);
        if ("http".equalsIgnoreCase(forwardedProto) || "https".equalsIgnoreCase(forwardedProto)) {
            scheme = forwardedProto.equalsIgnoreCase("https") ? "https" : "http";
        }
        InetAddress client = address;
        List<String> hops = Listed.in(headers, HttpHeader.X_FORWARDED_FOR);
        // Only X-Forwarded-For is read; who says where the client is in another way must not make it a local one.
        boolean elsewhere = hops.isEmpty() && Fields.contain(headers, HttpHeader.FORWARDED);
        for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
            InetAddress hop = literal(hops.get(i));
            if (hop == null) {
                break;
            }
            client = hop;
        }
        return new Client(peer.inClear.peer(), text(client), scheme, true, client.isLoopbackAddress() && !elsewhere);
    }

    private Peer peer(InetAddress address) {
        String text = text(address);
        boolean local = address.isLoopbackAddress();
        return new Peer(
                trusts(address),
                new Client(text, text, "http", false, local),
                new Client(text, text, "https", false, local));
    }

    private boolean trusts(InetAddress address) {
        for (Cidr block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable InetAddress addressOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    /** In the usual form, of IPv6 too (RFC 5952). */
    private static String text(InetAddress address) {
        String text = InetAddresses.toAddrString(address);
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** An address written out, with or without port and brackets; null for anything else, without asking DNS. */
    private static @Nullable InetAddress literal(String hop) {
        String text = hop.strip();
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            text = close < 0 ? "" : text.substring(1, close);
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            text = text.substring(0, text.indexOf(':'));
        }
        return InetAddresses.isInetAddress(text) ? InetAddresses.forString(text) : null;
    }

    /** An address that connects, and the client that it is where it is not trusted to speak for others. */
    private record Peer(boolean trusted, Client inClear, Client overTls) {}
}
