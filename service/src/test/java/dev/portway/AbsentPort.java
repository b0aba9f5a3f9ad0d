package dev.portway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 at which nothing listens, and which nobody else is given meanwhile: it is bound. An {@link Origin} that is
 * told to may listen there all the same.
 */
public final class AbsentPort implements AutoCloseable {

    private final Socket socket;

    private AbsentPort(Socket socket) {
        this.socket = socket;
    }

    public static AbsentPort take() throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new AbsentPort(socket);
    }

    public int number() {
        return socket.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + number();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
