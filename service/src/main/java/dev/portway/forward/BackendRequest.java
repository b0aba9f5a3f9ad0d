package dev.portway.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request to a backend whose method and target are sent as they are. Jetty's own would parse the path as a URI and
 * put the method in upper case. Confined.
 */
final class BackendRequest extends HttpRequest {

    /** Jetty wants a URI to begin with, and refuses some hosts that resolve well, as those with an underscore. */
    private static final URI PLACEHOLDER = URI.create("http://localhost");

    private final Attempt attempt;
    private final TargetUrl url;
    private final String method;
    private final String path;
    private final @Nullable String query;

    /**
     * A request not yet sent.
     *
     * @param url scheme, host and port of the backend; the rest of it is in {@code requestTarget}
     * @param requestTarget path and query, raw
     */
    BackendRequest(HttpClient client, Attempt attempt, TargetUrl url, String method, String requestTarget) {
        super(client, new HttpConversation(), PLACEHOLDER);
        this.attempt = requireNonNull(attempt, "attempt");
        this.url = requireNonNull(url, "url");
        host(url.host()).port(url.port());
        this.method = requireNonNull(method, "method");
        String octets = octets(requestTarget);
        int mark = octets.indexOf('?');
        this.path = mark < 0 ? octets : octets.substring(0, mark);
        this.query = mark < 0 ? null : octets.substring(mark + 1);
    }

    /** One character for each byte of the UTF-8, which is how Jetty writes a request line. */
    private static String octets(String requestTarget) {
        for (int i = 0; i < requestTarget.length(); i++) {
            if (requestTarget.charAt(i) > 0x7F) {
                return new String(requestTarget.getBytes(UTF_8), ISO_8859_1);
            }
        }
        return requestTarget;
    }

    Attempt attempt() {
        return attempt;
    }

    @Override
    public String getScheme() {
        return url.secure() ? "https" : "http";
    }

    @Override
    public String getMethod() {
        return method;
    }

    /** Sent as it is, but Jetty decodes it too: it throws where an escape is broken. */
    @Override
    public String getPath() {
        return path;
    }

    @Override
    public @Nullable String getQuery() {
        return query;
    }

    /** None: Jetty asks for it to store cookies and follow redirects, which a proxy does not. */
    @Override
    public @Nullable URI getURI() {
        return null;
    }
}
