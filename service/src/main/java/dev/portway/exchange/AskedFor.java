package dev.portway.exchange;

import dev.portway.routing.RequestHost;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/** Finds out what a request asks for beside its path, whatever version of HTTP says it. */
final class AskedFor {

    private AskedFor() {}

    /** The protocol that an HTTP/2 stream is to go on in (RFC 8441); null for none. */
    static @Nullable String protocol(Request request) {
        TunnelSupport tunnel = HttpMethod.CONNECT.is(request.getMethod()) ? request.getTunnelSupport() : null;
        return tunnel == null ? null : tunnel.getProtocol();
    }

    /** The host, in lower case and without a port; empty where the request names none. */
    static String host(Request request) {
        boolean named = Fields.contain(request.getHeaders(), HttpHeader.HOST)
                || request.getHttpURI().isAbsolute();
        String host = request.getHttpURI().getHost();
        if (host == null || !named) {
            // Without Host, Jetty fills in its own address: that is no name the client asked for.
            return "";
        }
        return RequestHost.of(host);
    }
}
