package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend over bare sockets, so that a test decides every byte that goes out and sees every byte that came in. A thread
 * serves each connection, request after request, until an answer closes it.
 */
public final class Origin implements AutoCloseable {

    private final ServerSocket listener;
    private final Thread acceptor;
    private volatile Answer answer; // written by the test, read by every connection's thread
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger used = new AtomicInteger();

    private Origin(InetAddress address, int port, Answer answer) throws IOException {
        this.listener = new ServerSocket(port, 1024, address);
        this.answer = answer;
        this.acceptor = new Thread(this::accept, "origin-" + listener.getLocalPort());
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers every request with {@code status} and {@code body}, keeping the connection. */
    public static Origin replying(int status, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return answering(exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 " + status + " Status\r\nContent-Length: " + bytes.length + "\r\n\r\n");
            exchange.write(bytes);
        });
    }

    /** Answers every request with these very bytes; {@code text} has its own CRLFs. */
    public static Origin sending(String text) {
        return answering(exchange -> {
            exchange.readBody();
            exchange.write(text);
        });
    }

    /** Answers as {@code answer} does. */
    public static Origin answering(Answer answer) {
        return on("127.0.0.1", answer);
    }

    /** Listens on another loopback address. */
    public static Origin on(String address, Answer answer) {
        return on(address, 0, answer);
    }

    /** Listens on a port that another has left. */
    public static Origin on(String address, int port, Answer answer) {
        try {
            return new Origin(InetAddress.getByName(address), port, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String url() {
        String host = listener.getInetAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[::1]" : host) + ":" + port();
    }

    /** Answers as {@code next} does from the next request on, and forgets what has come in. */
    public Origin then(Answer next) {
        received.clear();
        answer = next;
        return this;
    }

    /** As {@link #then}, with these very bytes. */
    public Origin thenSending(String text) {
        return then(exchange -> {
            exchange.readBody();
            exchange.write(text);
        });
    }

    /** The next request that came in, waiting for it up to five seconds. */
    public Received take() {
        try {
            Received next = received.poll(5, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the backend received no request within 5 s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Requests that came in and were not taken. */
    public List<Received> untaken() {
        return List.copyOf(received);
    }

    /** Takes all that came in so far. */
    public void forget() {
        received.clear();
    }

    /** Connections made to it so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Of those, the ones that a request came in on: a health check only connects. */
    public int used() {
        return used.get();
    }

    /** Of all, the ones that have ended, from either side. */
    public int closed() {
        return closed.get();
    }

    /** Of those, the ones that have not. */
    public int open() {
        return accepted.get() - closed.get();
    }

    /**
     * Listens no more when this returns. Closing the socket alone does not do that: the thread that waits in accept() holds it
     * open until it has woken, and takes who comes meanwhile.
     */
    @Override
    public void close() {
        closeQuietly(listener);
        closeQuietly(acceptor::join);
        connections.forEach(Origin::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                connections.add(socket);
                Thread thread = new Thread(() -> serve(socket), "origin-" + port() + "-" + accepted.get());
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int requests = 0; ; requests++) {
                String head = readHead(in);
                if (head.isEmpty()) {
                    return;
                }
                if (requests == 0) {
                    used.incrementAndGet();
                }
                Received request = new Received(head);
                received.add(request);
                answer.to(new Exchange(request, in, socket));
            }
        } catch (IOException e) {
            // The other side left, or the test is over: what the test asks about is in the counters.
        } finally {
            connections.remove(socket);
            closed.incrementAndGet();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            last = last << 8 | b;
            if (last == 0x0D0A0D0A) {
                return head.toString(ISO_8859_1);
            }
        }
        return "";
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What a backend does with a request. */
    @FunctionalInterface
    public interface Answer {

        /** Answers; the connection serves the next request when this returns, and is closed when it throws. */
        void to(Exchange exchange) throws IOException;
    }

    /** A request as it came in. */
    public static final class Received {
        private final List<String> lines;
        private volatile byte[] body = {};
        private volatile String trailers = "";

        Received(String head) {
            this.lines = List.of(head.substring(0, head.length() - 4).split("\r\n", -1));
        }

        /** {@code GET /path HTTP/1.1}. */
        public String requestLine() {
            return lines.get(0);
        }

        public String method() {
            return requestLine().split(" ", -1)[0];
        }

        /** Path and query, raw. */
        public String target() {
            return requestLine().split(" ", -1)[1];
        }

        /** The field lines, raw, in order. */
        public List<String> fieldLines() {
            return lines.subList(1, lines.size());
        }

        /** The values of every field of this name, in order. */
        public List<String> all(String name) {
            List<String> values = new ArrayList<>();
            for (String line : fieldLines()) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    values.add(line.substring(colon + 1).strip());
                }
            }
            return values;
        }

        /** The value of the only field of this name; null if there is none. */
        public @Nullable String field(String name) {
            List<String> values = all(name);
            if (values.size() > 1) {
                throw new AssertionError(name + ": " + values + " (expected: one)");
            }
            return values.isEmpty() ? null : values.get(0);
        }

        /** The body, once the answer has read it; chunks joined. */
        public byte[] body() {
            return body;
        }

        public String bodyText() {
            return new String(body, UTF_8);
        }

        /** The trailer section, raw, once the answer has read the body. */
        public String trailers() {
            return trailers;
        }

        @Override
        public String toString() {
            return String.join("\n", lines);
        }
    }

    /** A request and the connection to answer it on. */
    public static final class Exchange {
        private final Received request;
        private final InputStream in;
        private final Socket socket;

        Exchange(Received request, InputStream in, Socket socket) {
            this.request = request;
            this.in = in;
            this.socket = socket;
        }

        public Received request() {
            return request;
        }

        public Socket socket() {
            return socket;
        }

        /** The bytes after the request head. */
        public InputStream in() {
            return in;
        }

        /** The body as it comes in, chunks joined; its end is the body's. */
        public InputStream body() {
            String length = request.field("Content-Length");
            return request.field("Transfer-Encoding") == null
                    ? BodyInput.sized(in, length == null ? 0 : Long.parseLong(length))
                    : BodyInput.chunked(in);
        }

        /** Reads the body to its end, as its framing says; -1 bytes are an error. */
        public byte[] readBody() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            String encoding = request.field("Transfer-Encoding");
            String length = request.field("Content-Length");
            if (encoding != null && encoding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
                for (int size = chunkSize(); size > 0; size = chunkSize()) {
                    body.write(exactly(size));
                    line();
                }
                StringBuilder trailers = new StringBuilder();
                for (String line = line(); !line.isEmpty(); line = line()) {
                    trailers.append(line).append('\n');
                }
                request.trailers = trailers.toString();
            } else if (length != null) {
                body.write(exactly(Integer.parseInt(length)));
            }
            request.body = body.toByteArray();
            return request.body;
        }

        public void write(String text) throws IOException {
            write(text.getBytes(ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        private int chunkSize() throws IOException {
            String line = line();
            int semicolon = line.indexOf(';');
            return Integer.parseInt((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
        }

        private byte[] exactly(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException("the body ended after " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the connection ended within a line");
                }
                if (b != '\r') {
                    line.write(b);
                }
            }
            return line.toString(ISO_8859_1);
        }
    }
}
