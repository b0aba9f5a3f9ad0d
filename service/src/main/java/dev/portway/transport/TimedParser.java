package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Reads what a client sends over HTTP/2, and tells its socket while something is only half in that must not take for
 * ever: the preface with the first settings, the fields of a request, any frame but DATA, whose time is the upload's.
 * Confined.
 */
final class TimedParser extends ServerParser {

    private final ClientEndPoint socket;
    private boolean settled; // the preface and the first frame are in
    private boolean frameBegun;
    private boolean fieldsBegun;

    TimedParser(int headerBytes, RateControl rates, ClientEndPoint socket) {
        super(new Unpooled(), headerBytes, rates);
        this.socket = requireNonNull(socket, "socket");
    }

    @Override
    public void parse(ByteBuffer buffer) {
        super.parse(buffer);
        socket.halfIn(!settled || frameBegun || fieldsBegun);
    }

    @Override
    protected boolean parseHeader(ByteBuffer buffer) {
        frameBegun |= buffer.hasRemaining();
        boolean parsed = super.parseHeader(buffer);
        if (parsed && getFrameType() == FrameType.DATA.getType()) {
            frameBegun = false;
        }
        return parsed;
    }

    @Override
    protected boolean parseBody(ByteBuffer buffer) {
        // Asked before: the frame is forgotten when its body is parsed.
        int type = getFrameType();
        boolean fields = type == FrameType.HEADERS.getType() || type == FrameType.CONTINUATION.getType();
        boolean last = hasFlag(Flags.END_HEADERS);
        boolean parsed = super.parseBody(buffer);
        if (parsed) {
            settled = true;
            frameBegun = false;
            fieldsBegun = fields && !last;
        }
        return parsed;
    }

    /** Jetty's parser forgets what it holds of fields that never end: a pool would miss it, and wait for it. */
    private static final class Unpooled implements ByteBufferPool {

        @Override
        public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
            return RetainableByteBuffer.wrap(BufferUtil.allocate(size));
        }

        @Override
        public void clear() {}
    }
}
