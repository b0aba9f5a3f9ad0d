package dev.portway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A unix socket in front of an {@link Origin}: what comes in at the one goes out at the other. */
final class UnixOrigin implements AutoCloseable {

    private static final int BUFFER_BYTES = 8192;

    private final Origin origin;
    private final Path path;
    private final ServerSocketChannel listener;
    private final Thread acceptor;

    private UnixOrigin(Origin origin, Path path) throws IOException {
        this.origin = origin;
        this.path = path;
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        this.acceptor = spawn(this::accept);
    }

    static UnixOrigin before(Origin origin) {
        try {
            return new UnixOrigin(
                    origin, Files.createTempDirectory("portway-socket").resolve("app.sock"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code unix:/...}. */
    String url() {
        return "unix:" + path;
    }

    Path path() {
        return path;
    }

    /** Leaves the file there, as a service does that crashed. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join(); // it takes connections until it has noticed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), origin.port());
                Background.run(() -> copy(channel, socket));
                Background.run(() -> copy(socket, channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void copy(SocketChannel from, Socket to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (to) {
            while (from.read(buffer) >= 0) {
                to.getOutputStream().write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        } catch (IOException e) {
            // closed by either side
        }
    }

    private static void copy(Socket from, SocketChannel to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                to.write(ByteBuffer.wrap(buffer, 0, read));
            }
        } catch (IOException e) {
            // closed by either side
        }
    }

    private static Thread spawn(Runnable task) {
        Thread thread = new Thread(task, "unix-origin");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
