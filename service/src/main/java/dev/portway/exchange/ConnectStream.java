package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 stream of a CONNECT. What Jetty has read of it and nobody wants must be dropped by hand: else its buffers are
 * kept, and the client's other streams lack the credit for it. Confined to the event loop of its connection.
 */
public final class ConnectStream {

    private final HTTP2Stream stream;

    private ConnectStream(HTTP2Stream stream) {
        this.stream = requireNonNull(stream, "stream");
    }

    /** That of {@code endPoint}; null where it is a connection of its own. */
    public static @Nullable ConnectStream of(EndPoint endPoint) {
        return endPoint.getTransport() instanceof HTTP2Stream stream ? new ConnectStream(stream) : null;
    }

    /** Drops what has been read of it. */
    public void drop() {
        for (Stream.Data data = stream.readData(); data != null; data = stream.readData()) {
            boolean last = data.frame().isEndStream();
            data.release();
            if (last) {
                return; // there would be another end each time
            }
        }
    }

    /** Breaks it off, and what waits to be written to it; RFC 8441, section 5, has the error for it. */
    public void reset() {
        drop();
        if (!stream.isResetOrFailed()) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
    }
}
