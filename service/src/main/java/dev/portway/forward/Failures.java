package dev.portway.forward;

import static dev.portway.exchange.ProxyError.BAD_REQUEST;
import static dev.portway.exchange.ProxyError.CLIENT_CLOSED;
import static dev.portway.exchange.ProxyError.CONNECTION_REFUSED;
import static dev.portway.exchange.ProxyError.CONNECTION_TERMINATED;
import static dev.portway.exchange.ProxyError.CONNECTION_TIMEOUT;
import static dev.portway.exchange.ProxyError.DNS_ERROR;
import static dev.portway.exchange.ProxyError.INTERNAL;
import static dev.portway.exchange.ProxyError.NO_BACKEND;
import static dev.portway.exchange.ProxyError.PROTOCOL_ERROR;
import static dev.portway.exchange.ProxyError.RESPONSE_HEADERS_TOO_LARGE;
import static dev.portway.exchange.ProxyError.RESPONSE_TIMEOUT;
import static dev.portway.exchange.ProxyError.TLS_CERTIFICATE_ERROR;
import static dev.portway.exchange.ProxyError.TLS_ERROR;
import static dev.portway.exchange.ProxyError.UPLOAD_TIMEOUT;

import dev.portway.config.TargetUrl;
import dev.portway.config.TimeoutsConfig;
import dev.portway.exchange.Failure;
import dev.portway.exchange.RefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.RetryableRequestException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Says in the contract's words why an attempt failed. */
final class Failures {

    // Jetty's parser tells by words alone: the code it gives is the status that it was reading.
    private static final String EARLY_END = "Early EOF";
    private static final String TOO_LARGE = "Response Header Bytes Too Large";

    private static final String REFUSED_STREAM = ErrorCode.toString(ErrorCode.REFUSED_STREAM_ERROR.code, "");

    static final Failure MALFORMED_BODY =
            new Failure(BAD_REQUEST, "the request is malformed: its body is not framed as its head says");

    static final Failure NOBODY_LISTENS = new Failure(
            CONNECTION_REFUSED,
            "nothing listens at any target of the route",
            "start the service, or change the target to the port it listens on");

    private Failures() {}

    /** Whether it says that nothing listens at the backend, for this moment at least. */
    static boolean nobodyListens(Failure failure) {
        return failure.error() == CONNECTION_REFUSED || failure.error() == CONNECTION_TIMEOUT;
    }

    /** Whether the backend said over HTTP/2 that it has not looked at the request: by a reset, or as it goes away. */
    static boolean untouched(Throwable thrown) {
        return thrown instanceof RetryableRequestException
                || (thrown instanceof IOException && REFUSED_STREAM.equals(thrown.getMessage()));
    }

    /**
     * The failure behind {@code thrown}.
     *
     * @param url the target of the attempt
     * @param timeouts that held for it
     * @param connected whether a connection had been made
     */
    static Failure of(Throwable thrown, TargetUrl url, TimeoutsConfig timeouts, boolean connected) {
        String backend = url.authority();
        if (thrown instanceof ClientGoneException) {
            return new Failure(CLIENT_CLOSED, "the client closed the connection before the response was complete");
        }
        if (thrown instanceof RefusedException refused) {
            return refused.failure();
        }
        if (thrown instanceof TakenDownException) {
            return new Failure(NO_BACKEND, backend + " was set down while its stream of events went on");
        }
        if (thrown instanceof LimitExceededException exceeded) {
            return of(exceeded, backend, timeouts);
        }
        if (caused(thrown, SSLException.class) != null) {
            return tls(thrown, url);
        }
        if (caused(thrown, UnknownHostException.class) != null || thrown instanceof UnresolvedAddressException) {
            return new Failure(
                    DNS_ERROR,
                    "the name " + url.host() + " could not be resolved",
                    "check the spelling of the target's host, and that this machine can resolve it");
        }
        if (caused(thrown, NoRouteToHostException.class) != null) {
            return new Failure(CONNECTION_REFUSED, "there is no route to " + backend);
        }
        if (caused(thrown, ConnectException.class) != null) {
            return new Failure(
                    CONNECTION_REFUSED,
                    backend + " refused the connection: nothing listens there",
                    "start the service, or change the target to the port it listens on");
        }
        if (url.local() && caused(thrown, SocketException.class) != null) {
            return new Failure(
                    CONNECTION_REFUSED,
                    "the socket " + backend + " could not be opened: "
                            + root(thrown).getMessage(),
                    "start the service, and check the path of its socket and who may use it");
        }
        if (thrown instanceof SocketTimeoutException || (thrown instanceof TimeoutException && !connected)) {
            return of(new LimitExceededException(LimitExceededException.Limit.CONNECT), backend, timeouts);
        }
        if (thrown instanceof BadResponseException
                || caused(thrown, HttpResponseException.class) != null
                || thrown instanceof HttpException) {
            return protocol(thrown, backend);
        }
        if (thrown instanceof IOException && !connected && url.scheme().equals("h2c")) {
            return new Failure(
                    PROTOCOL_ERROR,
                    backend + " does not speak HTTP/2 in clear text",
                    "write its target as http:// if it speaks HTTP/1.1, as h2:// or https:// if it speaks TLS");
        }
        if (thrown instanceof IOException) {
            return connected
                    ? terminated(backend)
                    : new Failure(CONNECTION_REFUSED, backend + " could not be reached: " + thrown.getMessage());
        }
        return new Failure(INTERNAL, "the proxy failed: " + thrown);
    }

    private static Failure of(LimitExceededException exceeded, String backend, TimeoutsConfig timeouts) {
        return switch (exceeded.limit()) {
            case CONNECT ->
                new Failure(
                        CONNECTION_TIMEOUT,
                        backend + " did not accept the connection within " + text(timeouts.connect()),
                        "check that the address is right and no firewall drops the packets (timeouts.connect)");
            case UPLOAD ->
                new Failure(
                        UPLOAD_TIMEOUT,
                        "the client sent nothing of its request body for " + text(timeouts.upload())
                                + ", or too little in a longer time");
            case RESPONSE ->
                new Failure(
                        RESPONSE_TIMEOUT,
                        backend + " did not begin to answer within " + text(timeouts.response()),
                        "raise timeouts.response if the service is meant to take that long");
            case STREAM ->
                new Failure(
                        RESPONSE_TIMEOUT,
                        "nothing of the response moved for " + text(timeouts.stream()),
                        "raise timeouts.stream if the service is meant to pause that long");
            case DOWNLOAD ->
                new Failure(CLIENT_CLOSED, "the client took nothing of the response for " + text(timeouts.stream()));
            case REQUEST ->
                new Failure(RESPONSE_TIMEOUT, "the whole exchange took longer than " + text(timeouts.request()));
        };
    }

    private static Failure tls(Throwable thrown, TargetUrl url) {
        String backend = url.authority();
        if (caused(thrown, CertificateException.class) != null) {
            return new Failure(
                    TLS_CERTIFICATE_ERROR,
                    "the certificate of " + backend + " is not trusted: "
                            + root(thrown).getMessage());
        }
        return new Failure(
                TLS_ERROR,
                "no TLS connection with " + backend + " came about: "
                        + root(thrown).getMessage(),
                "if the service speaks no TLS, write its target as "
                        + (url.scheme().equals("h2") ? "h2c://" : "http://"));
    }

    private static Failure terminated(String backend) {
        return new Failure(
                CONNECTION_TERMINATED,
                backend + " closed the connection before its response was complete",
                "look for a crash or a restart in the service's own log");
    }

    private static Failure protocol(Throwable thrown, String backend) {
        HttpException http = thrown instanceof HttpException e ? e : null;
        Throwable cause = thrown.getCause();
        if (http == null && cause instanceof HttpException e) {
            http = e;
        }
        if (http != null && EARLY_END.equals(http.getReason())) {
            return terminated(backend);
        }
        if (http != null && TOO_LARGE.equals(http.getReason())) {
            return new Failure(
                    RESPONSE_HEADERS_TOO_LARGE,
                    "the response head of " + backend + " is larger than limits.headerBytes");
        }
        String reason = http == null ? root(thrown).getMessage() : http.getReason();
        return new Failure(
                PROTOCOL_ERROR,
                "the answer of " + backend + " is not valid HTTP: " + reason,
                "if the service speaks TLS, write its target as https://");
    }

    private static <T extends Throwable> @Nullable T caused(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause() == t ? null : t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
