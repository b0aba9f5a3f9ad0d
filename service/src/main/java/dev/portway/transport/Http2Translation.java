package dev.portway.transport;

import com.google.common.net.InetAddresses;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpTokens;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts the head of an HTTP/2 request in the terms of HTTP/1.1 that the handlers know (RFC 9113, section 8): the
 * authority as {@code Host}, a cookie in one piece, {@code Transfer-Encoding} where a body follows of which no length is
 * told. What Jetty lets through and HTTP/1.1 would read otherwise is refused.
 */
final class Http2Translation {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;

    private Http2Translation() {}

    /**
     * The same request in the other terms.
     *
     * @param bodiless whether the head is all of it
     * @throws HttpException.RuntimeException where it is malformed
     */
    static MetaData.Request translated(MetaData.Request request, boolean bodiless, boolean secure) {
        HttpURI uri = request.getHttpURI();
        checkLine(request.getMethod(), uri);
        HttpFields.Mutable to = fields(request);
        long length = request.getContentLength();
        if (bodiless && length > 0) {
            throw malformed("the body that Content-Length tells of is missing");
        }
        if (!bodiless && length < 0) {
            to.add(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED.asString());
        }
        // The scheme is the connection's, whatever the client says.
        HttpURI.Mutable own = HttpURI.build(uri).scheme(secure ? HttpScheme.HTTPS : HttpScheme.HTTP);
        if (uri.getHost() == null) {
            own.authority(to.get(HttpHeader.HOST));
        }
        return new MetaData.Request(
                request.getBeginNanoTime(),
                request.getMethod(),
                own.asImmutable(),
                HttpVersion.HTTP_2,
                to.asImmutable(),
                length);
    }

    /**
     * The same for a CONNECT, whose stream is to go on as a tunnel or in another protocol (RFC 8441).
     *
     * @throws HttpException.RuntimeException where it is malformed
     */
    static MetaData.ConnectRequest translated(MetaData.ConnectRequest request, boolean secure) {
        HttpURI uri = request.getHttpURI();
        checkLine(request.getMethod(), uri);
        boolean extended = request.getProtocol() != null;
        if (uri.getHost() == null || (extended && uri.getPath() == null)) {
            throw malformed("a CONNECT without :authority, or one with :protocol and without :path");
        }
        if (request.getHttpFields().contains(HttpHeader.CONTENT_LENGTH)) {
            throw malformed("a CONNECT has no body for Content-Length to tell of");
        }
        return new MetaData.ConnectRequest(
                request.getBeginNanoTime(),
                extended ? (secure ? HttpScheme.HTTPS : HttpScheme.HTTP) : null,
                new HostPortHttpField(authorityOf(uri)),
                extended ? uri.getPathQuery() : null,
                fields(request).asImmutable(),
                request.getProtocol());
    }

    /** The fields in the terms of HTTP/1.1. */
    private static HttpFields.Mutable fields(MetaData.Request request) {
        HttpURI uri = request.getHttpURI();
        HttpFields from = request.getHttpFields();
        HttpFields.Mutable to = HttpFields.build();
        String host = uri.getHost() == null ? null : authorityOf(uri);
        if (host != null) {
            to.add(HttpHeader.HOST, host);
        }
        boolean named = host != null;
        StringBuilder cookies = null;
        for (HttpField field : from) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.HOST) {
                if (host != null && !host.equalsIgnoreCase(field.getValue())) {
                    throw malformed("Host differs from :authority");
                }
                if (!named) {
                    named = true;
                    to.add(HttpHeader.HOST, checkedHost(field.getValue()));
                } else if (host == null) {
                    throw malformed("it has more than one Host");
                }
            } else if (header == HttpHeader.COOKIE) {
                cookies = joined(cookies, field.getValue());
            } else {
                checkField(header);
                to.add(field);
            }
        }
        if (cookies != null) {
            to.add(HttpHeader.COOKIE, cookies.toString());
        }
        if (!named) {
            throw malformed("it has neither :authority nor Host");
        }
        return to;
    }

    /** As Jetty checks {@code :authority}. */
    private static String checkedHost(@Nullable String authority) {
        if (authority == null || !isAuthority(authority)) {
            throw malformed("Host is none");
        }
        return authority;
    }

    private static boolean isAuthority(String authority) {
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        boolean isHost = host.startsWith("[")
                ? InetAddresses.isUriInetAddress(host)
                : !host.isEmpty() && URIUtil.isValidHostRegisteredName(host);
        boolean isPort = port.length() <= MAX_PORT_DIGITS
                && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && (port.isEmpty() || Integer.parseInt(port) <= MAX_PORT);
        return isHost && isPort;
    }

    private static String authorityOf(HttpURI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ':' + uri.getPort();
    }

    private static StringBuilder joined(@Nullable StringBuilder cookies, @Nullable String crumb) {
        return cookies == null
                ? new StringBuilder(String.valueOf(crumb))
                : cookies.append("; ").append(crumb);
    }

    /** Over HTTP/1.1 these end at a blank, which here may stand inside. */
    private static void checkLine(String method, HttpURI uri) {
        for (int i = 0; i < method.length(); i++) {
            if (!isToken(method.charAt(i))) {
                throw malformed("a method has no such character");
            }
        }
        String target = uri.getPathQuery();
        if (target != null) {
            for (int i = 0; i < target.length(); i++) {
                char c = target.charAt(i);
                if (c <= ' ' || c == 0x7F || c == '#') {
                    throw malformed("a path has no such character");
                }
            }
        }
    }

    private static boolean isToken(char c) {
        HttpTokens.Token token = c > 0xFF ? null : HttpTokens.getToken(c);
        return token != null && token.isRfc2616Token();
    }

    /** Those that concern a connection have no place in HTTP/2 (RFC 9113, section 8.2.2). */
    private static void checkField(@Nullable HttpHeader header) {
        if (header == HttpHeader.CONNECTION
                || header == HttpHeader.KEEP_ALIVE
                || header == HttpHeader.PROXY_CONNECTION
                || header == HttpHeader.TRANSFER_ENCODING
                || header == HttpHeader.UPGRADE) {
            throw new ConnectionFieldException(header);
        }
    }

    private static HttpException.RuntimeException malformed(String reason) {
        return new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, reason);
    }

    /** A request has a field that concerns a connection: no client that knows HTTP/2 sends one. */
    static final class ConnectionFieldException extends HttpException.RuntimeException {

        private static final long serialVersionUID = 1L;

        ConnectionFieldException(HttpHeader header) {
            super(HttpStatus.BAD_REQUEST_400, "HTTP/2 has no " + header.asString());
        }
    }
}
