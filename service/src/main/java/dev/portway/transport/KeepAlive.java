package dev.portway.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * TCP's own way of finding out, on a connection that may be silent for days, that the other machine is gone: after two
 * minutes at most, where systems left to themselves begin to ask after two hours.
 */
public final class KeepAlive {

    private static final int IDLE_SECONDS = 60;
    private static final int INTERVAL_SECONDS = 15;
    private static final int PROBES = 4;

    private KeepAlive() {}

    /** Turns it on, where {@code endPoint} is a TCP connection. */
    public static void on(EndPoint endPoint) {
        EndPoint transport = endPoint instanceof SslConnection.SslEndPoint tls ? tls.unwrap() : endPoint;
        if (transport instanceof SocketChannelEndPoint socket) {
            try {
                SocketChannel channel = socket.getChannel();
                set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
                set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
                set(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
                set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
            } catch (IOException closedAlready) {
                // Whoever reads next is told.
                return;
            }
        }
    }

    private static <T> void set(SocketChannel channel, SocketOption<T> option, T value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }
}
