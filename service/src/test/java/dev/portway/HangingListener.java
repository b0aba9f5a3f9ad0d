package dev.portway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A port that neither accepts nor refuses: its queue is full, so the kernel drops every further attempt to connect. */
public final class HangingListener implements AutoCloseable {

    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String CONNECTING = "02";
    private static final int QUEUE = 1;
    private static final int ENOUGH = 64;

    private final ServerSocket listener = new ServerSocket(0, QUEUE, InetAddress.getLoopbackAddress());
    private final List<Socket> queued = new ArrayList<>();

    public HangingListener() throws IOException {
        for (int i = 0; i < ENOUGH; i++) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(address(), 200);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("the queue of " + QUEUE + " took " + ENOUGH + " connections");
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Sockets of this machine that have asked for a connection here and have no answer. Known on Linux only. */
    public long connecting() {
        String here = ":%04X".formatted(address().getPort());
        return SOCKETS.stream()
                .flatMap(HangingListener::lines)
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[2].endsWith(here) && columns[3].equals(CONNECTING))
                .count();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queued) {
            socket.close();
        }
        listener.close();
    }
}
