package dev.portway.exchange;

import org.eclipse.jetty.server.Response;

/** What a rule changes in the head of a response, a backend's or the proxy's own, before any of it is sent. */
@FunctionalInterface
public interface ResponseEdit {

    /** Changes {@code response}; {@link ProxyExchange#error} tells whether it is an error of the proxy's own. */
    void edit(ProxyExchange exchange, Response response);
}
