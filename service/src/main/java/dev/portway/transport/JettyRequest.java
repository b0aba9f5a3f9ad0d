package dev.portway.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.TargetUrl;
import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request to a backend whose method and target are sent as they are. Jetty's own would parse the path as a URI and
 * put the method in upper case. Confined.
 */
final class JettyRequest extends HttpRequest {

    /** Jetty wants a URI to begin with, and refuses some hosts that resolve well, as those with an underscore. */
    private static final URI PLACEHOLDER = URI.create("http://localhost");

    private final BackendRequest request;
    private final TargetUrl url;
    private final String path;
    private final @Nullable String query;

    JettyRequest(HttpClient client, LoopBackend to, BackendRequest request) {
        super(client, new HttpConversation(), PLACEHOLDER);
        this.request = requireNonNull(request, "request");
        this.url = to.backend().identity().url();
        String octets = octets(request.target());
        int mark = octets.indexOf('?');
        this.path = mark < 0 ? octets : octets.substring(0, mark);
        this.query = mark < 0 ? null : octets.substring(mark + 1);
        host(url.host()).port(url.port());
        tag(to);
        headers(fields -> fields.add(request.fields()));
        if (request.trailers() != null) {
            trailersSupplier(request.trailers());
        }
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

    /** Whether it is sent once more where the connection turns out to be closed already. */
    boolean repeatable() {
        return request.repeatable();
    }

    /** Jetty's own notion of the exchange that it has become. */
    HttpExchange sending() {
        return getConversation().getExchanges().getLast();
    }

    @Override
    public String getScheme() {
        return url.secure() ? "https" : "http";
    }

    @Override
    public String getMethod() {
        return request.method();
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
