package dev.portway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port that neither accepts nor refuses: its queue is full, so the kernel drops every further attempt to connect. */
public final class HangingListener implements AutoCloseable {

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
