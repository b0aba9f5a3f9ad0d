package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client over a bare socket: sends what it is told to, and reads responses by their framing. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static RawClient to(URI uri) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), uri.getPort()));
    }

    public static RawClient to(String address, int port) throws IOException {
        return new RawClient(new Socket(address, port));
    }

    /** Over TLS, offering these protocols (ALPN), trusting {@link TestCertificate#shared}; not yet shaken hands. */
    public static RawClient secure(URI uri, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) TestCertificate.shared()
                .trusting()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), uri.getPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return new RawClient(socket);
    }

    public Socket socket() {
        return socket;
    }

    public InputStream in() {
        return in;
    }

    /** Sends {@code text}, which has its own CRLFs, one byte for each character. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads one response: an interim one too. */
    public Response read() throws IOException {
        return read("GET");
    }

    /** Reads the response to a request of this method. */
    public Response read(String method) throws IOException {
        Response head = readHead();
        int status = head.status();
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return head;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String trailers = "";
        String encoding = head.field("Transfer-Encoding");
        String length = head.field("Content-Length");
        if (encoding != null && encoding.toLowerCase(Locale.ROOT).contains("chunked")) {
            trailers = readChunks(body);
        } else if (length != null) {
            int expected = Integer.parseInt(length);
            byte[] bytes = in.readNBytes(expected);
            if (bytes.length < expected) {
                throw new IOException("the body ended after " + bytes.length + " of " + expected + " bytes");
            }
            body.write(bytes);
        } else {
            body.write(in.readAllBytes());
        }
        return new Response(head.lines(), body.toByteArray(), trailers);
    }

    /** Reads the head of a response and leaves its body. */
    public Response readHead() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return new Response(lines, new byte[0], "");
    }

    /** The body that belongs to {@code head}, as it comes in, chunks joined; its end is the body's. */
    public InputStream body(Response head) {
        String length = head.field("Content-Length");
        return length == null ? BodyInput.chunked(in) : BodyInput.sized(in, Long.parseLong(length));
    }

    /** Whether the proxy has closed the connection, after whatever it still sent. */
    public boolean closed() throws IOException {
        try {
            in.readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** All that comes until the proxy closes the connection, in whatever way. */
    public String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                rest.write(b);
            }
        } catch (SocketException reset) {
            return rest.toString(ISO_8859_1);
        }
        return rest.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readChunks(ByteArrayOutputStream body) throws IOException {
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            byte[] bytes = in.readNBytes(size);
            if (bytes.length < size) {
                throw new IOException("the connection ended within a chunk");
            }
            body.write(bytes);
            line();
        }
        StringBuilder trailers = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            trailers.append(line).append('\n');
        }
        return trailers.toString();
    }

    /** A line without its CRLF. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended after: " + line.toString(ISO_8859_1));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** A response as it came. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares responses as a whole
    public record Response(List<String> lines, byte[] body, String trailers) {

        /** The first response in {@code text}, whatever follows its head taken for its body. */
        public static Response parse(String text) {
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new AssertionError("no response: " + text);
            }
            List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
            return new Response(lines, text.substring(end + 4).getBytes(ISO_8859_1), "");
        }

        public int status() {
            return Integer.parseInt(lines.get(0).split(" ", -1)[1]);
        }

        public String text() {
            return new String(body, ISO_8859_1);
        }

        /** The values of every field of this name, in order. */
        public List<String> all(String name) {
            List<String> values = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                int colon = line.indexOf(':');
                if (line.substring(0, colon).equalsIgnoreCase(name)) {
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
    }
}
