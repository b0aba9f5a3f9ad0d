package dev.portway.server;

import dev.portway.exchange.Failure;
import dev.portway.exchange.Listed;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.ClientListener;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a request may not say although Jetty, at its strictest, lets it through: each would be read differently by some
 * backend or by no backend at all.
 */
final class RequestRules {

    private RequestRules() {}

    /** Why {@code exchange} is refused where it came in; null if it is not. */
    static @Nullable Failure wrongListener(ProxyExchange exchange) {
        boolean clearTextOnTls = exchange.getConnectionMetaData().getConnector() instanceof ClientListener listener
                && listener.secure()
                && !exchange.isSecure();
        return clearTextOnTls
                ? new Failure(
                        ProxyError.BAD_REQUEST,
                        "a plain http:// request came to the port for https://",
                        "write https:// in place of http://")
                : null;
    }

    /** Why {@code exchange} is refused; null if it is not. */
    static @Nullable Failure refusal(ProxyExchange exchange) {
        HttpFields headers = exchange.getHeaders();
        HttpField coding = headers.getField(HttpHeader.TRANSFER_ENCODING);
        if (coding != null) {
            if (exchange.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
                // RFC 9112, section 6.1: its framing is faulty, whoever put it in.
                return malformed("HTTP/1.0 has no Transfer-Encoding");
            }
            if (Listed.in(headers, HttpHeader.TRANSFER_ENCODING).size() > 1) {
                // Only chunked is undone here, and no coding may be passed on.
                return new Failure(ProxyError.CODING_UNKNOWN, "the only transfer coding known here is chunked");
            }
        }
        HttpURI uri = exchange.getHttpURI();
        String scheme = uri.getScheme();
        if (scheme != null && !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            return malformed("the target has a scheme other than http and https");
        }
        HttpField host = headers.getField(HttpHeader.HOST);
        if (host != null && !portOfDigits(host.getValue())) {
            return malformed("the port in Host is not a number");
        }
        return null;
    }

    private static Failure malformed(String cause) {
        return new Failure(ProxyError.BAD_REQUEST, "the request is malformed: " + cause);
    }

    /** Jetty reads a port as Java reads numbers, sign included. */
    private static boolean portOfDigits(@Nullable String host) {
        if (host == null) {
            return true;
        }
        int colon = host.lastIndexOf(':');
        if (colon < 0 || colon < host.lastIndexOf(']')) {
            return true;
        }
        for (int i = colon + 1; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
