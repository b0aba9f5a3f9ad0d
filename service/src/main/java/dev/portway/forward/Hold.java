package dev.portway.forward;

import dev.portway.exchange.ProxyExchange;
import dev.portway.transport.Deadlines;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;

/**
 * How a request is treated for whose backends nobody listens (decision 121). Immutable.
 *
 * @param until by nanosecond time; from then on it is answered
 * @param reloads whether it is answered with a page that asks again, by itself
 */
record Hold(long until, boolean reloads) {

    /**
     * How long a browser waits for a page before it gets one that reloads itself: most restarts of a development server are
     * over by then, and nobody looks at an old page for longer without wondering.
     */
    private static final Duration NAVIGATION = Duration.ofSeconds(1);

    /**
     * The hold of a request, from now on.
     *
     * @param patience of its route
     * @param deadline of the request
     */
    static Hold of(ProxyExchange exchange, Duration patience, long deadline) {
        boolean navigates = navigates(exchange);
        Duration held = navigates && patience.compareTo(NAVIGATION) > 0 ? NAVIGATION : patience;
        return new Hold(Deadlines.earlier(Deadlines.after(held), deadline), navigates);
    }

    /** Whether a browser goes to a page by it, and may do so again: by a form that is sent it may not. */
    private static boolean navigates(ProxyExchange exchange) {
        String mode = exchange.header("Sec-Fetch-Mode"); // not sent by old browsers, nor where the origin is not secure
        return HttpMethod.GET.is(exchange.getMethod())
                && exchange.protocol() == null
                && (mode == null || mode.equals("navigate"))
                && exchange.getHeaders().contains(HttpHeader.ACCEPT, "text/html");
    }
}
