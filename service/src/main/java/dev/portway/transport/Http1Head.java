package dev.portway.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.exchange.WrittenField;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Writes the head of a request, and what frames its body (RFC 9112, sections 3, 6 and 7.1). */
final class Http1Head {

    static final byte[] CRLF = {'\r', '\n'};

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] LENGTH = "Content-Length: ".getBytes(US_ASCII);
    private static final byte[] EMPTY = "Content-Length: 0\r\n".getBytes(US_ASCII);
    private static final int LINE_ENDS = 64;

    /** What is larger is seldom, and no pool may have it. */
    private static final int MAX_DIRECT_BYTES = 16 * 1024;

    private Http1Head() {}

    /** Whether {@code body} goes in chunks. */
    static boolean chunked(Content.Source body) {
        return body.getLength() < 0;
    }

    /** The head of {@code request}, for the caller to release. */
    static RetainableByteBuffer of(BackendRequest request, ByteBufferPool buffers) {
        byte[] target = bytes(request.target());
        int size = request.method().length() + target.length + LINE_ENDS;
        for (HttpField field : request.fields()) {
            String value = field.getValue();
            size += field.getName().length() + (value == null ? 0 : value.length()) + 4;
        }
        RetainableByteBuffer head = buffers.acquire(size, size <= MAX_DIRECT_BYTES);
        ByteBuffer to = head.getByteBuffer();
        BufferUtil.flipToFill(to);
        ascii(request.method(), to);
        to.put((byte) ' ').put(target).put(VERSION);
        for (HttpField field : request.fields()) {
            if (field instanceof WrittenField written) {
                written.putTo(to);
            } else {
                HttpGenerator.putTo(field, to);
            }
        }
        Content.Source body = request.body();
        if (body == null) {
            if (wantsLength(request.method())) {
                to.put(EMPTY);
            }
        } else if (chunked(body)) {
            to.put(CHUNKED);
        } else {
            to.put(LENGTH)
                    .put(Long.toString(body.getLength()).getBytes(US_ASCII))
                    .put(CRLF);
        }
        to.put(CRLF);
        BufferUtil.flipToFlush(to, 0);
        return head;
    }

    /** Some servers answer 411 to a POST that does not say that it has no body (RFC 9110, section 8.6). */
    private static boolean wantsLength(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** What stands before a chunk of {@code length} bytes. */
    static ByteBuffer chunk(int length) {
        return ByteBuffer.wrap((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
    }

    /** What stands behind the last one, and ends the body. */
    static ByteBuffer end(@Nullable HttpFields trailers) {
        if (trailers == null) {
            return ByteBuffer.wrap("0\r\n\r\n".getBytes(US_ASCII));
        }
        int size = LINE_ENDS;
        for (HttpField trailer : trailers) {
            String value = trailer.getValue();
            size += trailer.getName().length() + (value == null ? 0 : value.length()) + 4;
        }
        ByteBuffer end = ByteBuffer.allocate(size).put("0\r\n".getBytes(US_ASCII));
        for (HttpField trailer : trailers) {
            HttpGenerator.putTo(trailer, end);
        }
        return end.put(CRLF).flip();
    }

    private static void ascii(String text, ByteBuffer to) {
        for (int i = 0; i < text.length(); i++) {
            to.put((byte) text.charAt(i));
        }
    }

    /** A client's target may hold characters beyond ASCII, which it sent as UTF-8. */
    private static byte[] bytes(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) > 0x7F) {
                return target.getBytes(UTF_8);
            }
        }
        return target.getBytes(ISO_8859_1);
    }
}
