package dev.portway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server over UDP that says what a test wants. */
public final class NameServer implements AutoCloseable {

    private static final int ANSWERS = 0x8180; // a response, recursion desired and available
    private static final int NO_SUCH_NAME = 3;
    private static final int FAILED = 2;
    private static final int QUESTION_AT = 12;

    private static final Map<Integer, String> TYPES = Map.of(1, "A", 28, "AAAA", 33, "SRV");

    private final DatagramSocket socket;
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean failing; // written by the test, read by the server's thread
    private volatile boolean silent; // written by the test, read by the server's thread

    private NameServer() throws IOException {
        this.socket = new DatagramSocket(0, InetAddresses.forString("127.0.0.1"));
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    public static NameServer start() {
        try {
            return new NameServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 127.0.0.1:PORT}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** What it says of a name from now on: addresses, or services as in a zone file ({@code 0 5 8080 host.example.}). */
    public NameServer says(String name, String type, String... values) {
        records.put(type + " " + name, List.of(values));
        return this;
    }

    /** Whether it says that it cannot tell. */
    public void fail(boolean whether) {
        failing = whether;
    }

    /** Says nothing any more. */
    public void fallSilent() {
        silent = true;
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                if (!silent) {
                    byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
                asked.incrementAndGet();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private byte[] answer(byte[] query) {
        StringBuilder name = new StringBuilder();
        int at = QUESTION_AT;
        for (; query[at] != 0; at += query[at] + 1) {
            name.append(name.isEmpty() ? "" : ".").append(new String(query, at + 1, query[at], US_ASCII));
        }
        int questionEnd = at + 5;
        String type = TYPES.getOrDefault((int) query[at + 2], "unknown");
        List<String> values = failing ? List.of() : records.getOrDefault(type + " " + name, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.endsWith(" " + name));
        ByteBuffer answer = ByteBuffer.allocate(4096);
        answer.put(query, 0, 2).putShort((short) (ANSWERS | (failing ? FAILED : known ? 0 : NO_SUCH_NAME)));
        answer.putShort((short) 1).putShort((short) values.size()).putInt(0);
        answer.put(query, QUESTION_AT, questionEnd - QUESTION_AT);
        for (String value : values) {
            byte[] data = type.equals("SRV")
                    ? service(value)
                    : InetAddresses.forString(value).getAddress();
            answer.putShort((short) (0xC000 | QUESTION_AT)).put(query, at + 1, 4);
            answer.putInt(1).putShort((short) data.length).put(data);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    private static byte[] service(String value) {
        ByteBuffer data = ByteBuffer.allocate(512);
        String[] fields = value.split(" ", -1);
        for (int i = 0; i < 3; i++) {
            data.putShort((short) Integer.parseInt(fields[i]));
        }
        for (String label : fields[3].substring(0, fields[3].length() - 1).split("\\.", -1)) {
            data.put((byte) label.length()).put(label.getBytes(US_ASCII));
        }
        return Arrays.copyOf(data.put((byte) 0).array(), data.position());
    }

    @Override
    public void close() {
        socket.close();
    }
}
