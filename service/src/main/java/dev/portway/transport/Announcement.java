package dev.portway.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.portway.config.ProxyProtocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * What a backend is told first on a connection: whose it is (PROXY protocol, versions 1 and 2). So a connection serves one
 * client only. Immutable.
 *
 * @param client null where the proxy speaks for itself, as in a health check
 * @param server where the client came in; null as before
 */
record Announcement(
        ProxyProtocol version,
        @Nullable InetSocketAddress client,
        @Nullable InetSocketAddress server) {

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final byte LOCAL = 0x20;
    private static final byte PROXY = 0x21;
    private static final byte TCP_4 = 0x11;
    private static final byte TCP_6 = 0x21;

    Announcement {
        requireNonNull(version, "version");
    }

    /** Of a client's connection. */
    static Announcement of(ProxyProtocol version, SocketAddress client, SocketAddress server) {
        return client instanceof InetSocketAddress from
                        && server instanceof InetSocketAddress to
                        && from.getAddress() instanceof Inet4Address == to.getAddress() instanceof Inet4Address
                ? new Announcement(version, from, to)
                : ofTheProxy(version);
    }

    /** Of a connection that is nobody's. */
    static Announcement ofTheProxy(ProxyProtocol version) {
        return new Announcement(version, null, null);
    }

    /** Makes connections that begin with it, before TLS. */
    ClientConnectionFactory before(ClientConnectionFactory next) {
        return (endPoint, context) -> {
            write(endPoint);
            return next.newConnection(endPoint, context);
        };
    }

    private void write(EndPoint endPoint) throws IOException {
        // The first bytes of a connection always fit into its buffer.
        if (!endPoint.flush(ByteBuffer.wrap(bytes()))) {
            throw new IOException("the connection does not take its first bytes");
        }
    }

    private byte[] bytes() {
        return switch (version) {
            case V1 -> text().getBytes(US_ASCII);
            case V2 -> binary();
        };
    }

    private String text() {
        if (client == null || server == null) {
            return "PROXY UNKNOWN\r\n";
        }
        String family = client.getAddress() instanceof Inet4Address ? "TCP4" : "TCP6";
        return "PROXY " + family + ' ' + plain(client.getAddress()) + ' ' + plain(server.getAddress()) + ' '
                + client.getPort() + ' ' + server.getPort() + "\r\n";
    }

    /** Without the name of an interface, which means something on this machine only. */
    private static String plain(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    private byte[] binary() {
        if (client == null || server == null) {
            return ByteBuffer.allocate(SIGNATURE.length + 4)
                    .put(SIGNATURE)
                    .put(LOCAL)
                    .put((byte) 0)
                    .putShort((short) 0)
                    .array();
        }
        byte[] from = client.getAddress().getAddress();
        byte[] to = server.getAddress().getAddress();
        int length = from.length + to.length + 4;
        return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
                .put(SIGNATURE)
                .put(PROXY)
                .put(from.length == 4 ? TCP_4 : TCP_6)
                .putShort((short) length)
                .put(from)
                .put(to)
                .putShort((short) client.getPort())
                .putShort((short) server.getPort())
                .array();
    }
}
