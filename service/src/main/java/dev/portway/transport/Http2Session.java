package dev.portway.transport;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 session. What its streams send in one round of the loop goes out together when the round is over: in
 * one record of TLS and one write, where Jetty's own makes one of each for every response. Data that come on a stream
 * which is over are answered with a reset (RFC 9113, section 5.1); Jetty's own drops them without a word. Thread-safe.
 */
final class Http2Session extends HTTP2ServerSession {

    private final EventLoop loop;
    private final AutoLock lock = new AutoLock();
    private final Queue<Sent> held = new ArrayDeque<>(); // guarded by the lock; while not empty, its end is under way
    private final Callback passed =
            Callback.from(Invocable.InvocationType.NON_BLOCKING, this::passAll, failure -> passAll());

    Http2Session(
            Connector connector,
            EndPoint endPoint,
            ServerParser parser,
            Generator generator,
            ServerSessionListener listener,
            FlowControlStrategy flowControl) {
        super(connector.getScheduler(), endPoint, parser, generator, listener, flowControl);
        this.loop = EventLoop.of(endPoint);
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

    @Override
    public void frames(@Nullable HTTP2Stream stream, List<? extends Frame> frames, Callback callback) {
        hold(new Sent(stream, frames, callback));
    }

    @Override
    public void data(HTTP2Stream stream, DataFrame frame, Callback callback) {
        hold(new Sent(stream, List.of(frame), callback));
    }

    private void hold(Sent sent) {
        boolean first;
        try (AutoLock ignored = lock.lock()) {
            first = held.isEmpty();
            held.add(sent);
        }
        if (!first) {
            return;
        }
        try {
            loop.later(this::pass);
        } catch (RejectedExecutionException stopped) {
            pass();
        }
    }

    /** Has Jetty's flusher call for what is held: what it is given while it works goes into one write. */
    @SuppressWarnings("removal") // nothing else is without a byte; decision 075 says what to do when it goes
    private void pass() {
        flush(passed);
    }

    private void passAll() {
        Sent next = next();
        while (next != null) {
            super.frames(next.stream, next.frames, next.callback);
            next = next();
        }
    }

    private @Nullable Sent next() {
        try (AutoLock ignored = lock.lock()) {
            return held.poll();
        }
    }

    private record Sent(@Nullable HTTP2Stream stream, List<? extends Frame> frames, Callback callback) {}
}
