package dev.portway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The page that exercises the other two backends through the proxy. */
final class DemoPage extends Handler.Abstract.NonBlocking {

    private static final String RESOURCE = "demo.html";

    private volatile byte[] html = new byte[0]; // written by show(), once the ports are known

    /** Fills in where the demo runs. */
    void show(int proxyPort, int adminPort, int echoPort) throws IOException {
        try (InputStream in = Objects.requireNonNull(DemoPage.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            html = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{proxyPort}}", Integer.toString(proxyPort))
                    .replace("{{adminPort}}", Integer.toString(adminPort))
                    .replace("{{echoPort}}", Integer.toString(echoPort))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals("/")) {
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            return true;
        }
        byte[] page = html;
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
        response.write(true, ByteBuffer.wrap(page), callback);
        return true;
    }
}
