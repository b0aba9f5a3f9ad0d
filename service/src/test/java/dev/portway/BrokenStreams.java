package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client over HTTP/2 that breaks off whatever it begins: requests, uploads, streams and tunnels, several on a connection, each
 * by a reset of its own, with the connection, or not at all.
 */
final class BrokenStreams implements AutoCloseable {

    private static final int STREAMS_PER_CONNECTION = 20;
    private static final int CANCEL = 8;
    private static final int WINDOW = 65_535;
    private static final byte[] UPLOAD = "x".repeat(3000).getBytes(ISO_8859_1);

    private final URI proxy;
    private final RandomGenerator random;
    private @Nullable RawHttp2 connection;
    private int stream;

    BrokenStreams(URI proxy, RandomGenerator random) {
        this.proxy = proxy;
        this.random = random;
    }

    /** One more exchange, on the connection that is there or on a new one. */
    void breakOff() {
        try {
            RawHttp2 client = connection();
            boolean open = begin(client);
            for (int frames = random.nextInt(4); frames > 0; frames--) {
                client.read();
            }
            if (open && random.nextInt(3) != 0) {
                client.frame(RawHttp2.RST_STREAM, 0, stream, number(CANCEL));
            }
            stream += 2;
            if (stream > 2 * STREAMS_PER_CONNECTION || random.nextInt(STREAMS_PER_CONNECTION) == 0) {
                leave(client);
            }
        } catch (IOException broken) {
            close(); // by the proxy, or nothing came for long: then it leaves, too
        }
    }

    /** A part of a request or all of it; false where nothing is left that could be reset. */
    private boolean begin(RawHttp2 client) throws IOException {
        switch (random.nextInt(5)) {
            case 0 -> {
                client.get(stream, "/stream");
                return true;
            }
            case 1 -> {
                String[] fields = RawHttp2.request("CONNECT", "/tunnel", ":protocol", "websocket");
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.block(ordered(fields)));
                if (random.nextBoolean()) {
                    client.data(stream, "z".repeat(random.nextInt(300)));
                }
                return true;
            }
            case 2 -> {
                client.frame(RawHttp2.HEADERS, 0, stream, RawHttp2.block(RawHttp2.request("POST", "/a")));
                leave(client); // within its head
                return false;
            }
            case 3 -> {
                client.post(stream, "/a", "content-length", "" + UPLOAD.length);
                client.data(stream, "x".repeat(random.nextInt(UPLOAD.length)));
                return true;
            }
            default -> {
                client.post(stream, "/a");
                client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, UPLOAD);
                return true;
            }
        }
    }

    /** Pseudo-fields come before all others. */
    private static String[] ordered(String... fields) {
        String[] ordered = fields.clone();
        System.arraycopy(fields, 0, ordered, 2, fields.length - 2);
        System.arraycopy(fields, fields.length - 2, ordered, 0, 2);
        return ordered;
    }

    private RawHttp2 connection() throws IOException {
        RawHttp2 client = connection;
        if (client == null) {
            client = RawHttp2.to(proxy);
            client.socket().setSoTimeout(50);
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE - WINDOW));
            connection = client;
            stream = 1;
        }
        return client;
    }

    private void leave(RawHttp2 client) throws IOException {
        if (random.nextBoolean()) {
            client.socket().setSoLinger(true, 0);
        }
        close();
    }

    @Override
    public void close() {
        RawHttp2 client = connection;
        connection = null;
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
