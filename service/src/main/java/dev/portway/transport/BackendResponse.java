package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** The head of a backend's answer; and its trailers, once its body has been read. Confined. */
public final class BackendResponse {

    private final HttpVersion version;
    private final int status;
    private final HttpFields.Mutable fields;
    private HttpFields.@Nullable Mutable trailers;

    BackendResponse(HttpVersion version, int status, HttpFields.Mutable fields) {
        this.version = requireNonNull(version, "version");
        this.status = status;
        this.fields = requireNonNull(fields, "fields");
    }

    public HttpVersion version() {
        return version;
    }

    public int status() {
        return status;
    }

    public HttpFields fields() {
        return fields;
    }

    /** Null where there are none, or none yet. */
    public @Nullable HttpFields trailers() {
        return trailers;
    }

    void add(HttpField field) {
        fields.add(field);
    }

    void trailer(HttpField trailer) {
        if (trailers == null) {
            trailers = HttpFields.build();
        }
        trailers.add(trailer);
    }
}
