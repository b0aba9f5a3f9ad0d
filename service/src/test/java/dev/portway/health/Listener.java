package dev.portway.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of the test's: accepts, reads a request head, answers what it is told to, or nothing. */
final class Listener implements AutoCloseable {

    private static final String SILENCE = "";
    private static final String HANGS_UP = "hangs up";

    private final ServerSocket server;
    private final Thread acceptor;
    private final CopyOnWriteArrayList<Socket> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String lastHead = ""; // written by the connections, read by the test
    private volatile String response; // set by the test, read by the connections

    private Listener(InetAddress address, int port, String response) {
        this.response = response;
        try {
            this.server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.acceptor = spawn(this::accept);
    }

    static Listener answering(int status) {
        return new Listener(Loopback.V4, 0, head(status));
    }

    static Listener answering(InetAddress address, int port, int status) {
        return new Listener(address, port, head(status));
    }

    static Listener silent() {
        return new Listener(Loopback.V4, 0, SILENCE);
    }

    static Listener saying(String response) {
        return new Listener(Loopback.V4, 0, response);
    }

    /** Closes each connection when a request has come. */
    static Listener hangingUp() {
        return new Listener(Loopback.V4, 0, HANGS_UP);
    }

    /** A port of {@code address} where nothing listens. */
    static int closedPort(InetAddress address) {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return accepted.size();
    }

    int requests() {
        return requests.get();
    }

    /** Of the last request, with its line and its fields. */
    String lastHead() {
        return lastHead;
    }

    void answer(int status) {
        response = head(status);
    }

    /** Listens no more when this returns: the thread in accept() would take one more until it wakes. */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
            for (Socket socket : accepted) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String head(int status) {
        return "HTTP/1.1 " + status + " Test\r\nContent-Length: 2\r\n\r\nhi";
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.add(socket);
                spawn(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try {
            StringBuilder head = new StringBuilder();
            int octet;
            while ((octet = socket.getInputStream().read()) >= 0) {
                head.append((char) octet);
                if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                    lastHead = head.toString();
                    requests.incrementAndGet();
                    head.setLength(0);
                    if (response.equals(HANGS_UP)) {
                        socket.close();
                        return;
                    }
                    socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                }
            }
        } catch (IOException e) {
            // closed by either side
        }
    }

    private static Thread spawn(Runnable task) {
        Thread thread = new Thread(task, "test-listener");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
