package dev.portway.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers with what it was sent, as JSON: the request as a backend behind the proxy sees it. */
final class DemoEcho extends Handler.Abstract {

    private static final int SHOWN_BODY_BYTES = 64 * 1024;

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        byte[] body = json.writeValueAsBytes(seen(request));

        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static Map<String, Object> seen(Request request) throws Exception {
        Map<String, Object> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.merge(field.getName(), field.getValue(), (first, next) -> first + ", " + next);
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("backend", "echo on port " + Request.getLocalPort(request));
        seen.put("method", request.getMethod());
        seen.put("path", request.getHttpURI().getPathQuery());
        seen.put("headers", headers);
        byte[] content = Request.asInputStream(request).readNBytes(SHOWN_BODY_BYTES);
        if (content.length > 0) {
            seen.put("body", new String(content, StandardCharsets.UTF_8));
        }
        return seen;
    }
}
