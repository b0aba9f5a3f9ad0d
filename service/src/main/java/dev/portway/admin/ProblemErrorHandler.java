package dev.portway.admin;

import dev.portway.api.ProblemDocument;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Writes the errors of Jetty and of Dropwizard's own pages as problem documents, never as HTML. Thread-safe. */
public final class ProblemErrorHandler extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        ProblemDocument problem = new ProblemDocument("about:blank", HttpStatus.getMessage(code), code, detail(code));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, WireFormat.PROBLEM_JSON);
        response.write(true, ByteBuffer.wrap(WireFormat.bytes(problem)), callback);
    }

    private static String detail(int code) {
        return switch (code) {
            case 404 -> "Nothing is served at this path; GET /openapi.json lists what is.";
            case 405 -> "This path does not take this method; GET /openapi.json lists what it takes.";
            default ->
                code >= 500
                        ? "Something went wrong inside; the log says what."
                        : "The request cannot be answered; GET /openapi.json describes what can.";
        };
    }
}
