package dev.portway.exchange;

/** Every error the proxy itself answers with, and its {@code Proxy-Status} error type (RFC 9209, section 2.3). */
public enum ProxyError {
    BAD_REQUEST(400, "http_request_error"),
    HEADERS_TOO_LARGE(431, "http_request_error"),
    URI_TOO_LONG(414, "http_request_error"),
    CONTENT_TOO_LARGE(413, "http_request_error"),
    CODING_UNKNOWN(501, "http_request_error"),
    PROTOCOL_REFUSED(501, "http_request_denied"),
    METHOD_REFUSED(405, "http_request_denied"),
    DESTINATION_REFUSED(403, "destination_ip_prohibited"),
    FORBIDDEN(403, "http_request_denied"),
    UNAUTHENTICATED(401, "http_request_denied"),
    TYPE_REFUSED(415, "http_request_denied"),
    TOO_MANY_REQUESTS(429, "http_request_denied"),
    CHECK_UNAVAILABLE(503, "destination_unavailable"),
    RESPONSE_REFUSED(502, "http_response_incomplete"),
    PROXY_AUTHENTICATION(407, "http_request_denied"),
    NO_ROUTE(404, "destination_not_found"),
    CONNECTION_REFUSED(502, "connection_refused"),
    CONNECTION_TERMINATED(502, "connection_terminated"),
    PROTOCOL_ERROR(502, "http_protocol_error"),
    DNS_ERROR(502, "dns_error"),
    TLS_ERROR(502, "tls_protocol_error"),
    TLS_CERTIFICATE_ERROR(502, "tls_certificate_error"),
    RESPONSE_HEADERS_TOO_LARGE(502, "http_response_header_section_size"),
    NO_BACKEND(503, "destination_unavailable"),
    BACKEND_BUSY(503, "connection_limit_reached"),
    CONNECTION_TIMEOUT(504, "connection_timeout"),
    RESPONSE_TIMEOUT(504, "http_response_timeout"),
    UPLOAD_TIMEOUT(408, "http_request_error"),
    LOOP(508, "proxy_loop_detected"),
    CLIENT_CLOSED(499, "http_request_error"),
    INTERNAL(500, "proxy_internal_error");

    private final int status;
    private final String type;

    ProxyError(int status, String type) {
        this.status = status;
        this.type = type;
    }

    public int status() {
        return status;
    }

    /** Whether it says something against the backend; time limits of the client's and mistakes of ours do not. */
    public boolean backendAtFault() {
        return switch (this) {
            case CONNECTION_REFUSED,
                    CONNECTION_TERMINATED,
                    PROTOCOL_ERROR,
                    DNS_ERROR,
                    TLS_ERROR,
                    TLS_CERTIFICATE_ERROR,
                    RESPONSE_HEADERS_TOO_LARGE,
                    CONNECTION_TIMEOUT,
                    RESPONSE_TIMEOUT -> true;
            case BAD_REQUEST,
                    HEADERS_TOO_LARGE,
                    URI_TOO_LONG,
                    CONTENT_TOO_LARGE,
                    CODING_UNKNOWN,
                    PROTOCOL_REFUSED,
                    METHOD_REFUSED,
                    DESTINATION_REFUSED,
                    FORBIDDEN,
                    UNAUTHENTICATED,
                    TYPE_REFUSED,
                    TOO_MANY_REQUESTS,
                    CHECK_UNAVAILABLE,
                    RESPONSE_REFUSED,
                    PROXY_AUTHENTICATION,
                    NO_ROUTE,
                    NO_BACKEND,
                    BACKEND_BUSY,
                    UPLOAD_TIMEOUT,
                    LOOP,
                    CLIENT_CLOSED,
                    INTERNAL -> false;
        };
    }

    /** The error type registered for {@code Proxy-Status}. */
    public String type() {
        return type;
    }
}
