package dev.portway.cli;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Three small backends inside this process, each on a loopback port of its own: a page, a JSON echo API and an event
 * stream. Thread-safe.
 */
final class DemoBackends implements AutoCloseable {

    private static final int THREADS = 8;

    private final Server server;
    private final ServerConnector page;
    private final ServerConnector echo;
    private final ServerConnector events;

    private DemoBackends() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("demo");
        threads.setDaemon(true);
        server = new Server(threads);
        page = connector("page");
        echo = connector("echo");
        events = connector("events");
        server.setStopTimeout(0);
    }

    /**
     * Starts the three.
     *
     * @param html what the page backend serves
     */
    static DemoBackends start(DemoPage html) throws Exception {
        DemoBackends backends = new DemoBackends();
        backends.server.setHandler(backends.new ByConnector(html));
        backends.server.start();
        return backends;
    }

    int pagePort() {
        return page.getLocalPort();
    }

    int echoPort() {
        return echo.getLocalPort();
    }

    int eventsPort() {
        return events.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private ServerConnector connector(String name) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setUriCompliance(UriCompliance.UNSAFE); // the echo shows any path, it opens no file
        ServerConnector connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        connector.setName(name);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        return connector;
    }

    /** Lets each port answer as its own backend. */
    private final class ByConnector extends Handler.Abstract {

        private final DemoPage html;
        private final DemoEcho api = new DemoEcho();
        private final DemoEvents stream = new DemoEvents();

        ByConnector(DemoPage html) {
            this.html = html;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            // The page's scripts call the other two across origins when it is opened as web.localhost.
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "content-type");
            Object connector = request.getConnectionMetaData().getConnector();
            if (connector == page) {
                return html.handle(request, response, callback);
            }
            if (request.getMethod().equals("OPTIONS")) {
                response.setStatus(HttpStatus.NO_CONTENT_204);
                callback.succeeded();
                return true;
            }
            return connector == echo
                    ? api.handle(request, response, callback)
                    : stream.handle(request, response, callback);
        }
    }
}
