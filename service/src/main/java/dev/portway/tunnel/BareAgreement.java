package dev.portway.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * The 200 to a CONNECT over HTTP/1.1, which may say nothing of a body's length (RFC 9110, section 9.3.6); Jetty's generator
 * would have it say 0. Confined.
 */
final class BareAgreement extends HttpStream.Wrapper {

    private static final byte[] HEAD = "HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(US_ASCII);

    private final EndPoint client;

    private BareAgreement(HttpStream wrapped, EndPoint client) {
        super(wrapped);
        this.client = client;
    }

    /** Has it written in place of the response to {@code request}; over HTTP/2 there is no need. */
    static void in(Request request) {
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
            EndPoint client = request.getTunnelSupport().getEndPoint();
            request.addHttpStreamWrapper(stream -> new BareAgreement(stream, client));
        }
    }

    @Override
    public void send(
            MetaData.Request request, MetaData.Response response, boolean last, ByteBuffer content, Callback callback) {
        client.write(callback, ByteBuffer.wrap(HEAD));
    }
}
