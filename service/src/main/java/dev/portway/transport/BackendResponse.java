package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.Fields;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
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

    /**
     * Whether the connection can carry another request (RFC 9112, sections 9.3 and 6.1). What {@code Transfer-Encoding} means to
     * HTTP/1.0, nobody knows.
     */
    boolean persistent() {
        if (Fields.contain(fields, HttpHeader.CONNECTION, "close")) {
            return false;
        }
        return version == HttpVersion.HTTP_1_1
                || (fields.contains(HttpHeader.CONNECTION, "keep-alive")
                        && !fields.contains(HttpHeader.TRANSFER_ENCODING));
    }

    /** Whether no body follows, whatever was asked (RFC 9112, section 6.3). */
    boolean bodiless() {
        return status == HttpStatus.NO_CONTENT_204 || status == HttpStatus.NOT_MODIFIED_304;
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
