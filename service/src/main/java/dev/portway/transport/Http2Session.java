package dev.portway.transport;

import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;

/**
 * A client's HTTP/2 session. Data that come on a stream which is over are answered with a reset (RFC 9113, section 5.1);
 * Jetty's own drops them without a word. Confined.
 */
final class Http2Session extends HTTP2ServerSession {

    Http2Session(
            Connector connector,
            EndPoint endPoint,
            ServerParser parser,
            Generator generator,
            ServerSessionListener listener,
            FlowControlStrategy flowControl) {
        super(connector.getScheduler(), endPoint, parser, generator, listener, flowControl);
    }

    @Override
    public void onData(Stream.Data data) {
        int id = data.frame().getStreamId();
        boolean over = getStream(id) == null && isRemoteStreamClosed(id);
        super.onData(data);
        if (over) {
            frames(null, List.of(new ResetFrame(id, ErrorCode.STREAM_CLOSED_ERROR.code)), Callback.NOOP);
        }
    }
}
