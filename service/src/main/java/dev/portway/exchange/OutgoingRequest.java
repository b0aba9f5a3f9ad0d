package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as the backend is to get it. What concerns connections and the client's framing is not in its
 * fields; what is said about the client is put in after the last edit. Confined.
 */
public final class OutgoingRequest {

    private final HttpFields.Mutable fields;
    private String method;
    private String path;
    private @Nullable String query;
    private byte @Nullable [] body;

    /**
     * A request that no rule has seen.
     *
     * @param path as the client escaped it, dot segments resolved; the target's base path is put before it later
     * @param query without its question mark; null for none
     */
    public OutgoingRequest(String method, String path, @Nullable String query, HttpFields.Mutable fields) {
        this.method = requireNonNull(method, "method");
        this.path = requireNonNull(path, "path");
        this.query = query;
        this.fields = requireNonNull(fields, "fields");
    }

    public String method() {
        return method;
    }

    public void method(String method) {
        this.method = method;
    }

    public String path() {
        return path;
    }

    public void path(String path) {
        this.path = path;
    }

    public @Nullable String query() {
        return query;
    }

    public void query(@Nullable String query) {
        this.query = query;
    }

    /** What is sent in place of the client's body; null for that. */
    public byte @Nullable [] body() {
        return body;
    }

    /** Has {@code body} sent, which nobody changes any more. */
    public void body(byte[] body) {
        this.body = body;
    }

    public HttpFields.Mutable fields() {
        return fields;
    }
}
