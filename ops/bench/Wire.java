import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * What wrk cannot load: event streams, WebSockets, and uploads that are looked at. One thread, no library.
 *
 * <pre>
 * java Wire.java serve PORT                 a backend: POST /upload answers the CRC-32 of what came, GET /events sends the
 *                                           time to everybody ten times a second, GET /echo is a WebSocket that echoes
 * java Wire.java events PORT STREAMS SECONDS    reads that many event streams; how late each event is
 * java Wire.java echo PORT SOCKETS SECONDS      sends on each WebSocket as soon as the last echo is there, and compares
 * </pre>
 *
 * The last two print {@code COUNT BAD P50 P99 P999}, times in milliseconds. The time is that of the machine's monotonic clock,
 * which all processes share.
 */
final class Wire {

    private static final String ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final long TICK = 100_000_000L;
    private static final int MESSAGE = 32;

    private Wire() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "serve" -> new Backend(Integer.parseInt(args[1])).run();
            case "events", "echo" -> new Load(args[0], args).run();
            default -> throw new IllegalArgumentException(args[0] + " (expected: serve, events or echo)");
        }
    }

    /** A connection and what has come on it. */
    private abstract static class Peer {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
        private ByteBuffer out = ByteBuffer.allocate(0);

        Peer(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        /** Whether there is more to come. */
        final boolean readable() throws Exception {
            while (true) {
                int read = channel.read(in);
                if (read < 0) {
                    return false;
                }
                if (read == 0) {
                    return true;
                }
                in.flip();
                received();
                in.compact();
            }
        }

        abstract void received() throws Exception;

        /** Writes what the socket takes; the rest at the next send or flush. */
        final void send(byte[] bytes) throws IOException {
            if (out.hasRemaining()) {
                out = ByteBuffer.allocate(out.remaining() + bytes.length).put(out).put(bytes).flip();
            } else {
                out = ByteBuffer.wrap(bytes);
            }
            flush();
        }

        final void flush() throws IOException {
            if (out.hasRemaining()) {
                channel.write(out);
            }
        }

        /** A head that is there as a whole, or null. */
        final String head() {
            for (int i = in.position(); i + 3 < in.limit(); i++) {
                if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                    byte[] bytes = new byte[i + 4 - in.position()];
                    in.get(bytes);
                    return new String(bytes, StandardCharsets.ISO_8859_1);
                }
            }
            return null;
        }

        static String field(String head, String name) {
            int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
            return at < 0 ? "" : head.substring(at + name.length() + 3, head.indexOf('\r', at + 2)).trim();
        }

        /** The payload of the next WebSocket frame, at most 125 bytes of it, or null while it is not whole. */
        final byte[] frame() {
            if (in.remaining() < 2) {
                return null;
            }
            int length = in.get(in.position() + 1) & 0x7f;
            boolean masked = in.get(in.position() + 1) < 0;
            if (in.remaining() < 2 + (masked ? 4 : 0) + length) {
                return null;
            }
            in.position(in.position() + 2);
            byte[] mask = new byte[4];
            if (masked) {
                in.get(mask);
            }
            byte[] payload = new byte[length];
            in.get(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i & 3];
            }
            return payload;
        }
    }

    private static final class Backend {
        private final Selector selector = Selector.open();
        private final ServerSocketChannel server = ServerSocketChannel.open();
        private final List<Exchange> streams = new ArrayList<>();

        Backend(int port) throws IOException {
            server.bind(new InetSocketAddress("127.0.0.1", port), 8192);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }

        void run() throws IOException {
            long next = System.nanoTime();
            while (true) {
                selector.select(Math.max(1, (next - System.nanoTime()) / 1_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        SocketChannel channel = server.accept();
                        if (channel != null) {
                            Exchange exchange = new Exchange(channel, streams);
                            channel.register(selector, SelectionKey.OP_READ, exchange);
                        }
                    } else {
                        serve(key, (Exchange) key.attachment());
                    }
                }
                selector.selectedKeys().clear();
                if (System.nanoTime() >= next) {
                    next += TICK;
                    tick();
                }
            }
        }

        private void serve(SelectionKey key, Exchange exchange) throws IOException {
            boolean open;
            try {
                open = exchange.readable();
            } catch (Exception e) {
                open = false;
            }
            if (!open) {
                key.cancel();
                exchange.channel.close();
                streams.remove(exchange);
            }
        }

        private void tick() {
            for (Exchange stream : streams) {
                try {
                    String event = "data: " + System.nanoTime() + "\n\n";
                    stream.send(ascii(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n"));
                } catch (IOException e) {
                    // its reader has gone, which the selector tells next
                }
            }
        }
    }

    private static final class Exchange extends Peer {
        private final List<Exchange> streams;
        private final CRC32 sum = new CRC32();
        private long body = -1;
        private boolean socket;

        Exchange(SocketChannel channel, List<Exchange> streams) throws IOException {
            super(channel);
            this.streams = streams;
        }

        @Override
        void received() throws Exception {
            while (in.hasRemaining()) {
                if (socket) {
                    byte[] message = frame();
                    if (message == null) {
                        return;
                    }
                    send(framed(message, false));
                } else if (body >= 0) {
                    upload();
                } else {
                    String head = head();
                    if (head == null) {
                        return;
                    }
                    begin(head);
                }
            }
        }

        private void begin(String head) throws Exception {
            if (head.startsWith("GET /events")) {
                send(ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
                streams.add(this);
            } else if (head.startsWith("GET /echo")) {
                byte[] digest = MessageDigest.getInstance("SHA-1")
                        .digest(ascii(field(head, "sec-websocket-key") + ACCEPT));
                send(ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n"));
                socket = true;
            } else if (head.startsWith("POST /upload")) {
                body = Long.parseLong(field(head, "content-length"));
                sum.reset();
                upload();
            } else {
                send(ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
            }
        }

        private void upload() throws IOException {
            int take = (int) Math.min(body, in.remaining());
            ByteBuffer part = in.slice(in.position(), take);
            sum.update(part);
            in.position(in.position() + take);
            body -= take;
            if (body == 0) {
                body = -1;
                send(ascii("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + String.format("%08x", sum.getValue())));
            }
        }
    }

    private static final class Load {
        private final Selector selector = Selector.open();
        private final boolean echo;
        private final int port;
        private final int count;
        private final long seconds;
        private long[] late = new long[1 << 16];
        private int seen;
        private int bad;
        private boolean measuring;

        Load(String kind, String[] args) throws IOException {
            echo = kind.equals("echo");
            port = Integer.parseInt(args[1]);
            count = Integer.parseInt(args[2]);
            seconds = Long.parseLong(args[3]);
        }

        void run() throws Exception {
            int open = 0;
            for (int i = 0; i < count; i++) {
                Client client = new Client(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)), this);
                client.channel.register(selector, SelectionKey.OP_READ, client);
                client.send(ascii(echo
                        ? "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                        : "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                open++;
                if (open % 50 == 0) {
                    turns(System.nanoTime() + 20_000_000L);
                }
            }
            turns(System.nanoTime() + 1_000_000_000L);
            measuring = true;
            turns(System.nanoTime() + seconds * 1_000_000_000L);
            for (SelectionKey key : selector.keys()) {
                Client client = (Client) key.attachment();
                bad += client.begun ? 0 : 1;
                key.channel().close();
            }
            long[] sorted = Arrays.copyOf(late, seen);
            Arrays.sort(sorted);
            System.out.printf(
                    Locale.ROOT, "%d %d %.3f %.3f %.3f%n", seen, bad, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
        }

        private void turns(long end) throws IOException {
            while (true) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                selector.select(Math.max(1, left / 1_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    Client client = (Client) key.attachment();
                    boolean open;
                    try {
                        open = client.readable();
                    } catch (Exception e) {
                        open = false;
                    }
                    if (!open) {
                        bad++;
                        key.cancel();
                        client.channel.close();
                    }
                }
                selector.selectedKeys().clear();
            }
        }

        void note(long sent) {
            if (!measuring) {
                return;
            }
            if (seen == late.length) {
                late = Arrays.copyOf(late, 2 * seen);
            }
            late[seen++] = System.nanoTime() - sent;
        }

        private static double at(long[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1e6;
        }
    }

    private static final class Client extends Peer {
        private final Load load;
        private boolean begun;
        private byte[] expected = {};
        private long sent;

        Client(SocketChannel channel, Load load) throws IOException {
            super(channel);
            this.load = load;
        }

        @Override
        void received() throws Exception {
            if (!begun) {
                String head = head();
                if (head == null) {
                    return;
                }
                if (!head.startsWith(load.echo ? "HTTP/1.1 101" : "HTTP/1.1 200")) {
                    throw new IOException(head);
                }
                begun = true;
                if (load.echo) {
                    ask();
                }
            }
            while (load.echo ? echoed() : event()) {
                // until what is there is used up
            }
        }

        private void ask() throws IOException {
            sent = System.nanoTime();
            expected = ascii(String.format("%-" + MESSAGE + "d", sent));
            send(framed(expected, true));
        }

        private boolean echoed() throws IOException {
            byte[] message = frame();
            if (message == null) {
                return false;
            }
            if (!Arrays.equals(message, expected)) {
                load.bad++;
            }
            load.note(sent);
            ask();
            return true;
        }

        /** Takes one chunk that is there as a whole; the proxy may have put several events into it. */
        private boolean event() throws IOException {
            int end = in.position();
            while (end < in.limit() && in.get(end) != '\n') {
                end++;
            }
            if (end == in.limit()) {
                return false;
            }
            String size = new String(in.array(), in.position(), end - in.position(), StandardCharsets.US_ASCII).trim();
            int length = Integer.parseInt(size, 16);
            if (in.limit() - end - 1 < length + 2) {
                return false;
            }
            String text = new String(in.array(), end + 1, length, StandardCharsets.US_ASCII);
            in.position(end + 1 + length + 2);
            for (String event : text.split("\n\n")) {
                load.note(Long.parseLong(event.substring("data: ".length())));
            }
            return length > 0;
        }
    }

    private static byte[] framed(byte[] payload, boolean masked) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + (masked ? 6 : 2));
        frame.put((byte) 0x82).put((byte) (payload.length | (masked ? 0x80 : 0)));
        if (masked) {
            frame.putInt(0); // a mask that changes nothing
        }
        return frame.put(payload).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
