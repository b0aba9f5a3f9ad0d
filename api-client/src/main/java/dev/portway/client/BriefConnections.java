package dev.portway.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection and a thread for each request, without the JDK's client, which takes longer to begin than a call. It asks by
 * HTTP/1.0 (RFC 9112, appendix C.2), so that an answer ends where the connection does. Thread-safe.
 */
final class BriefConnections implements Carrier {

    private static final long GRACE_MILLIS = 2_000;
    private static final int LONGEST_HEAD = 64 * 1024;

    private final Duration connectTimeout;
    private final @Nullable SSLContext tls;
    private final Map<Thread, Socket> open = new ConcurrentHashMap<>();

    BriefConnections(Duration connectTimeout, @Nullable SSLContext tls) {
        this.connectTimeout = requireNonNull(connectTimeout, "connectTimeout");
        this.tls = tls;
    }

    @Override
    public CompletableFuture<Reply> send(Outgoing request) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Socket socket = new Socket();
        Thread thread = new Thread(() -> exchange(request, socket, reply), "portway-client");
        thread.setDaemon(true);
        open.put(thread, socket);
        CompletableFuture<?> unused = reply.whenComplete((answer, failure) -> close(socket));
        thread.start();
        return reply;
    }

    @Override
    public void close() {
        List<Thread> threads = new ArrayList<>(open.keySet());
        open.values().forEach(BriefConnections::close);
        long end = System.nanoTime() + GRACE_MILLIS * 1_000_000;
        for (Thread thread : threads) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (thread == Thread.currentThread() || left <= 0) {
                continue;
            }
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void exchange(Outgoing request, Socket socket, CompletableFuture<Reply> reply) {
        try {
            connect(socket, request.uri());
            Socket connection = request.uri().getScheme().equals("https") ? secured(socket, request.uri()) : socket;
            write(connection.getOutputStream(), request);
            reply.complete(read(connection.getInputStream()));
        } catch (IOException | RuntimeException e) {
            reply.completeExceptionally(e);
        } finally {
            close(socket);
            open.remove(Thread.currentThread());
        }
    }

    private void connect(Socket socket, URI uri) throws IOException {
        int usual = uri.getScheme().equals("https") ? 443 : 80;
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
        if (address.isUnresolved()) {
            throw new UnknownHostException(uri.getHost());
        }
        try {
            socket.connect(address, (int) Math.min(Math.max(connectTimeout.toMillis(), 1), Integer.MAX_VALUE));
        } catch (SocketTimeoutException e) {
            throw new HttpConnectTimeoutException(String.valueOf(e.getMessage()));
        }
    }

    private Socket secured(Socket socket, URI uri) throws IOException {
        try {
            SSLContext context = tls == null ? SSLContext.getDefault() : tls;
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, uri.getHost(), socket.getPort(), true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no TLS in this Java", e);
        }
    }

    private static void write(OutputStream out, Outgoing request) throws IOException {
        URI uri = request.uri();
        byte[] body = request.body() == null ? new byte[0] : request.body().getBytes(UTF_8);
        StringBuilder head = new StringBuilder(256).append(request.method()).append(' ');
        head.append(uri.getRawPath());
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.0\r\nConnection: close\r\nHost: ")
                .append(uri.getRawAuthority())
                .append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0 || !request.method().equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length() + 2 + body.length);
        whole.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        whole.writeBytes(body);
        whole.writeTo(out);
        out.flush();
    }

    private static Reply read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST_HEAD + Transport.LARGEST_ANSWER + 1);
        int end = endOfHead(bytes);
        List<String> head = new String(bytes, 0, end, ISO_8859_1).lines().toList();
        int status = status(head.isEmpty() ? "" : head.get(0));
        Map<String, String> fields = new TreeMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        int length = bytes.length - end;
        if (length > Transport.LARGEST_ANSWER) {
            throw new BoundedBody.TooLargeException();
        }
        String promised = fields.get("content-length");
        if (promised != null && !promised.equals(String.valueOf(length)) && status != 304) {
            throw new EOFException(length + " bytes (expected: " + promised + ")");
        }
        return new Reply(
                status,
                fields.getOrDefault("content-type", ""),
                fields.getOrDefault("location", ""),
                fields.getOrDefault("etag", ""),
                new String(bytes, end, length, UTF_8));
    }

    /** Where the body begins. */
    private static int endOfHead(byte[] bytes) throws IOException {
        int longest = Math.min(bytes.length, LONGEST_HEAD);
        for (int i = 3; i < longest; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        throw new EOFException("no head of an answer");
    }

    private static int status(String line) throws IOException {
        boolean http = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        String digits = http ? line.substring(9, 12) : "";
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException("no status line of HTTP");
        }
        return Integer.parseInt(digits);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            return; // it is of no use any more
        }
    }
}
