package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.jspecify.annotations.Nullable;

/** A client that writes the frames of HTTP/2 (RFC 9113) as it is told to, right or wrong, and reads those that come. */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 0x1;
    public static final int ACK = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITIZED = 0x20;

    public static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final HpackDecoder decoder = new HpackDecoder(1 << 20, () -> 0);

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        decoder.setMaxTableCapacity(4096);
    }

    /** A connection on which nothing was sent yet, over TLS for {@code https}. */
    public static RawHttp2 connect(URI server) throws IOException {
        return over(new Socket(InetAddress.getLoopbackAddress(), server.getPort()), server);
    }

    /** The same on a connection that stands. */
    public static RawHttp2 over(Socket plain, URI server) throws IOException {
        if (server.getScheme().equals("http")) {
            return new RawHttp2(plain);
        }
        SSLSocket secure = (SSLSocket) TestCertificate.shared()
                .trusting()
                .getSocketFactory()
                .createSocket(plain, "localhost", server.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return new RawHttp2(secure);
    }

    /** The same with the preface sent, and the settings of both sides told and taken. */
    public static RawHttp2 to(URI server) throws IOException {
        return connect(server).settled();
    }

    /** This one with the preface sent, and the settings of both sides told and taken. */
    public RawHttp2 settled() throws IOException {
        send(PREFACE).frame(SETTINGS, 0, 0);
        Frame settings = await(SETTINGS);
        if ((settings.flags() & ACK) != 0) {
            throw new AssertionError("the server acknowledged before it told its own settings");
        }
        frame(SETTINGS, ACK, 0);
        await(SETTINGS);
        return this;
    }

    public Socket socket() {
        return socket;
    }

    public RawHttp2 send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    public RawHttp2 frame(int type, int flags, int stream, byte... payload) throws IOException {
        return send(frameBytes(type, flags, stream, payload));
    }

    /** A piece of a request's body. */
    public RawHttp2 data(int stream, String text) throws IOException {
        return frame(DATA, 0, stream, text.getBytes(ISO_8859_1));
    }

    /** The last piece of a request's body. */
    public RawHttp2 lastData(int stream, String text) throws IOException {
        return frame(DATA, END_STREAM, stream, text.getBytes(ISO_8859_1));
    }

    /** A frame as it stands on the wire. */
    public static byte[] frameBytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A request without a body: its pseudo-fields, then {@code fields}, names and values in turn. */
    public RawHttp2 get(int stream, String path, String... fields) throws IOException {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, block(request("GET", path, fields)));
    }

    /** The head of a request whose body is to follow. */
    public RawHttp2 post(int stream, String path, String... fields) throws IOException {
        return frame(HEADERS, END_HEADERS, stream, block(request("POST", path, fields)));
    }

    /** The fields of a request to {@code a.test}. */
    public static String[] request(String method, String path, String... fields) {
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "a.test", ":path", path));
        all.addAll(List.of(fields));
        return all.toArray(String[]::new);
    }

    /** Fields, names and values in turn, each as a literal that is not indexed. */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        int length = bytes.length;
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            length -= 127;
            while (length >= 128) {
                block.write(length % 128 + 128);
                length /= 128;
            }
            block.write(length);
        }
        block.writeBytes(bytes);
    }

    /** The next frame of any type; null where the server has closed the connection. */
    public @Nullable Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & 0x7FFFFFFF;
            byte[] payload = new byte[length];
            in.readFully(payload);
            // Every block counts for those that follow it, whether anybody looks at it or not.
            MetaData fields = type == HEADERS ? decode(payload) : null;
            return new Frame(type, flags, stream, payload, fields);
        } catch (EOFException | SocketException closed) {
            return null;
        }
    }

    /** The next frame of this type, others that come before it passed over. */
    public Frame await(int type) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == type) {
                return frame;
            }
        }
        throw new AssertionError("the connection ended before a frame of type " + type);
    }

    /** Reads the response on {@code stream} to its end, interim ones before it left out. */
    public Response response(int stream) throws IOException {
        List<HttpField> fields = List.of();
        List<HttpField> trailers = List.of();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status = 0;
        while (true) {
            Frame frame = read();
            if (frame == null) {
                throw new AssertionError("the connection ended before the response");
            }
            if (frame.type() == GOAWAY) {
                throw new AssertionError("GOAWAY before the response: " + frame);
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == RST_STREAM) {
                throw new AssertionError("the stream was reset before the end of the response: " + frame);
            }
            if (frame.type() == HEADERS) {
                MetaData data = frame.data();
                if (data instanceof MetaData.Response head) {
                    status = head.getStatus();
                    fields = head.getHttpFields().stream().toList();
                } else {
                    trailers = data.getHttpFields().stream().toList();
                }
            } else if (frame.type() == DATA) {
                body.writeBytes(frame.payload());
                if (frame.payload().length > 0) {
                    byte[] window = ByteBuffer.allocate(4)
                            .putInt(frame.payload().length)
                            .array();
                    frame(WINDOW_UPDATE, 0, 0, window);
                    if ((frame.flags() & END_STREAM) == 0) {
                        frame(WINDOW_UPDATE, 0, stream, window);
                    }
                }
            }
            if ((frame.flags() & END_STREAM) != 0 && frame.type() <= HEADERS) {
                return new Response(status, fields, body.toString(ISO_8859_1), trailers);
            }
        }
    }

    private MetaData decode(byte[] block) {
        try {
            return decoder.decode(ByteBuffer.wrap(block));
        } catch (HpackException.SessionException | HpackException.StreamException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the server closes the connection, whatever it sends before. */
    public boolean closed() throws IOException {
        try {
            while (read() != null) {
                // passed over
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One frame as it came, with what is in it if it is HEADERS. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares frames as a whole
    public record Frame(
            int type,
            int flags,
            int stream,
            byte[] payload,
            @Nullable MetaData fields) {

        /** What is in HEADERS. */
        public MetaData data() {
            return requireNonNull(fields);
        }

        /** The error that a RST_STREAM or GOAWAY tells of. */
        public int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        @Override
        public String toString() {
            return "frame " + type + " flags " + flags + " stream " + stream + ": " + new String(payload, ISO_8859_1);
        }
    }

    /** A whole response. */
    public record Response(int status, List<HttpField> fields, String body, List<HttpField> trailers) {

        /** The values of every field of this name. */
        public List<String> all(String name) {
            return fields.stream()
                    .filter(field -> field.getName().equals(name))
                    .map(HttpField::getValue)
                    .toList();
        }

        public List<String> names() {
            return fields.stream().map(HttpField::getName).toList();
        }
    }
}
