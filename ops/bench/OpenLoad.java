import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * Asks for a path at a constant rate, however long the answers take: a request is due at its time whether those before it are
 * answered or not, and its latency counts from then (no coordinated omission). It takes a connection that is free, or a new one, or
 * waits for one where there are CONNECTIONS.
 *
 * <p>{@code java OpenLoad PORT PATH REQUESTS_PER_SECOND SECONDS PATIENCE_SECONDS FILE [CONNECTIONS]} prints the time in milliseconds when it
 * begins, and at the end writes a line for each request: milliseconds since then when it was due, microseconds until it was
 * answered or failed, the status (0: the connection failed; -1: nothing came within the patience after the last one was due) and
 * the {@code X-Backend} of the answer.
 */
final class OpenLoad {

    /** Sent at once by one that is late, before it looks for answers: else each would take a connection of its own. */
    private static final int BURST = 64;

    private final InetSocketAddress proxy;
    private final ByteBuffer request;
    private final Selector selector = Selector.open();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private final int most;
    private final long interval;
    private final long[] latency;
    private final short[] status;
    private final String[] backend;
    private long begun;
    private int open;
    private int done;

    private OpenLoad(int port, String path, int rate, int seconds, int most) throws IOException {
        this.most = most;
        proxy = new InetSocketAddress("127.0.0.1", port);
        request = ByteBuffer.wrap(
                ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        interval = 1_000_000_000L / rate;
        latency = new long[rate * seconds];
        status = new short[latency.length];
        backend = new String[latency.length];
    }

    public static void main(String[] args) throws IOException {
        OpenLoad load = new OpenLoad(
                Integer.parseInt(args[0]), args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]),
                args.length > 6 ? Integer.parseInt(args[6]) : Integer.MAX_VALUE);
        load.run(Long.parseLong(args[4]) * 1_000_000_000L);
        load.write(args[5]);
    }

    private void run(long patience) throws IOException {
        System.out.println(System.currentTimeMillis());
        System.out.flush();
        begun = System.nanoTime();
        long end = begun + interval * latency.length + patience;
        for (int sent = 0; done < latency.length && System.nanoTime() < end; ) {
            int most = Math.min(sent + BURST, latency.length);
            while (sent < most && System.nanoTime() >= due(sent)) {
                send(sent++);
            }
            if (sent < latency.length && System.nanoTime() >= due(sent)) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, 1);
            }
            sendWaiting();
        }
        for (SelectionKey key : selector.keys()) {
            Connection connection = (Connection) key.attachment();
            if (connection.index >= 0) {
                record(connection.index, -1, "");
            }
        }
        waiting.forEach(index -> record(index, -1, ""));
    }

    private long due(int index) {
        return begun + interval * index;
    }

    private void send(int index) {
        Connection connection = free.pollLast();
        if (connection == null && open >= most) {
            waiting.addLast(index);
            return;
        }
        try {
            (connection == null ? new Connection(index) : connection).send(index);
        } catch (IOException e) { // no more connections can be opened here
            record(index, 0, "");
        }
    }

    private void sendWaiting() {
        while (!waiting.isEmpty() && (!free.isEmpty() || open < most)) {
            send(waiting.pollFirst());
        }
    }

    private void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready();
    }

    private void record(int index, int code, String by) {
        latency[index] = System.nanoTime() - due(index);
        status[index] = (short) code;
        backend[index] = by;
        done++;
    }

    private void write(String file) throws IOException {
        try (PrintWriter out = new PrintWriter(file, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < latency.length; i++) {
                out.printf("%d,%d,%d,%s%n", interval * i / 1_000_000, latency[i] / 1000, status[i], backend[i]);
            }
        }
    }

    private final class Connection {
        private final SocketChannel channel = SocketChannel.open();
        private final SelectionKey key;
        private final ByteBuffer in = ByteBuffer.allocate(4096); // answers are short, and there may be thousands
        private int index; // of the request it is busy with, or -1

        Connection(int index) throws IOException {
            this.index = index;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            open++;
        }

        void send(int next) {
            index = next;
            try {
                if (channel.isConnected()) {
                    write();
                } else if (channel.connect(proxy)) {
                    connected();
                }
            } catch (IOException e) {
                fail();
            }
        }

        void ready() {
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    connected();
                } else if (key.isReadable()) {
                    read();
                }
            } catch (IOException e) {
                fail();
            }
        }

        private void connected() throws IOException {
            key.interestOps(SelectionKey.OP_READ);
            write();
        }

        /** A request is far smaller than what the kernel takes on an idle connection. */
        private void write() throws IOException {
            if (channel.write(request.duplicate()) < request.remaining()) {
                throw new IOException("the request was not taken whole");
            }
        }

        private void read() throws IOException {
            if (channel.read(in) <= 0) {
                throw new IOException("closed, or an answer too long");
            }
            Head head = Head.in(in.array(), in.position());
            if (head == null) {
                return;
            }
            int length = head.field("content-length");
            boolean whole = length < 0
                    ? head.endsWithLastChunk()
                    : in.position() >= head.end + Integer.parseInt(head.value(length));
            if (!whole) {
                return;
            }
            int by = head.field("x-backend");
            record(index, head.status(), by < 0 ? "" : head.value(by));
            index = -1;
            int connection = head.field("connection");
            boolean closes = connection >= 0 && head.value(connection).equalsIgnoreCase("close");
            in.clear();
            if (closes) {
                channel.close();
                open--;
            } else {
                free.addLast(this);
            }
        }

        private void fail() {
            if (index >= 0) {
                record(index, 0, "");
            }
            free.remove(this);
            try {
                channel.close();
                open--;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** An answer's head, looked at where it is: what the load makes of it is taken from the proxy on a machine that they share. */
    private record Head(byte[] bytes, int end, int length) {

        /** Null where it is not whole. */
        static Head in(byte[] bytes, int length) {
            for (int i = 3; i < length; i++) {
                if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                    return new Head(bytes, i + 1, length);
                }
            }
            return null;
        }

        int status() {
            return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        }

        /** Where the value of a field begins, whose name is said in lower case; negative for none. */
        int field(String name) {
            for (int i = 0; i < end - name.length() - 2; i++) {
                if (bytes[i] == '\n' && named(i + 1, name)) {
                    return i + name.length() + 2; // behind the colon
                }
            }
            return -1;
        }

        private boolean named(int at, String name) {
            for (int i = 0; i < name.length(); i++) {
                int lower = bytes[at + i] >= 'A' && bytes[at + i] <= 'Z' ? bytes[at + i] | 0x20 : bytes[at + i];
                if (lower != name.charAt(i)) {
                    return false;
                }
            }
            return bytes[at + name.length()] == ':';
        }

        String value(int at) {
            int until = at;
            while (bytes[until] != '\r') {
                until++;
            }
            return new String(bytes, at, until - at, StandardCharsets.ISO_8859_1).strip();
        }

        boolean endsWithLastChunk() {
            String last = "\r\n0\r\n\r\n";
            for (int i = 0; i < last.length(); i++) {
                int at = length - last.length() + i;
                if (at < end - 2 || bytes[at] != last.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
