package dev.portway.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpChannelState;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1.1 connection. Jetty's goes on with the next request on a thread of the server's pool when the
 * response to the last one was completed by another thread than read the request; this one on its own loop. Nor does it
 * mind an {@code Upgrade} that is not for it. Confined.
 */
final class LoopConnection extends HttpConnection {

    /** Of a name (RFC 1035, section 2.3.4), and a port; what is longer is not remembered. */
    private static final int MAX_HOST = 255 + 6;

    private static final HttpField NO_HOST = new HttpField(HttpHeader.HOST, "");

    private boolean absoluteForm; // of the request at hand; confined to the loop

    LoopConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    @Override
    protected Executor getExecutor() {
        return EventLoop.of(getEndPoint());
    }

    /**
     * Whether {@code request} names the host that it is for in its target, as clients do that take this for their proxy
     * (RFC 9112, section 3.2.2). Jetty makes every target absolute, whatever it was. Over HTTP/2 none is told from the rest.
     */
    static boolean absoluteForm(Request request) {
        return request.getConnectionMetaData() instanceof LoopConnection connection && connection.absoluteForm;
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, @Nullable String target, HttpVersion version) {
        absoluteForm = target != null && !target.startsWith("/") && !target.equals("*");
        return new Stream(method, target, version);
    }

    @Override
    protected HttpChannel newHttpChannel(Server server, HttpConfiguration configuration) {
        EventLoop loop = EventLoop.of(getEndPoint());
        return new HttpChannelState(this) {
            @Override
            public Executor getExecutor() {
                return loop;
            }
        };
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new Head();
    }

    /**
     * A {@code Host} whose value is no list, so that it is not taken apart as one each time it is asked for its values: Jetty
     * does so with every request, to find out that there is one.
     */
    private static final class OneHost extends HostPortHttpField {

        private OneHost(HttpField host, String value) {
            super(HttpHeader.HOST, host.getName(), value);
        }

        /** {@code host} itself where it may be a list, or says nothing. */
        static HttpField of(HttpField host) {
            String value = host.getValue();
            boolean one = host instanceof HostPortHttpField
                    && value != null
                    && !value.isBlank()
                    && value.indexOf(',') < 0
                    && value.indexOf('"') < 0;
            return one ? new OneHost(host, value) : host;
        }

        @Override
        public String[] getValues() {
            return new String[] {getValue()};
        }
    }

    /** Says of what ends an answer that it does: nothing else is written before that is out. */
    private final class Stream extends HttpStreamOverHTTP1 {

        Stream(String method, @Nullable String target, HttpVersion version) {
            super(method, target, version);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            if (last
                    && getEndPoint() instanceof LoopEndPoint socket
                    && socket.loop().inside()) {
                socket.endsAnAnswer(true);
                try {
                    super.send(request, response, last, content, callback);
                } finally {
                    socket.endsAnAnswer(false);
                }
            } else {
                super.send(request, response, last, content, callback);
            }
        }
    }

    /**
     * Leaves an {@code Upgrade} out that {@code Connection} does not name: it was meant for a connection before this one, and
     * says nothing here (RFC 9110, section 7.8). Jetty would refuse the request for it.
     */
    private final class Head extends RequestHandler {
        private HttpField lastHost = NO_HOST; // as parsed
        private HttpField lastOneHost = NO_HOST; // the same, as passed on
        private final List<HttpField> upgrades = new ArrayList<>(1);
        private boolean named;

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            named = false;
            super.startRequest(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            if (field.getHeader() == HttpHeader.UPGRADE) {
                upgrades.add(field);
                return;
            }
            named |= field.getHeader() == HttpHeader.CONNECTION && field.contains("upgrade");
            super.parsedHeader(field.getHeader() == HttpHeader.HOST ? oneHost(field) : field);
        }

        /** A client mostly asks for the same host as before. */
        private HttpField oneHost(HttpField host) {
            if (!host.equals(lastHost)) {
                HttpField one = OneHost.of(host);
                if (one.getValue() == null || one.getValue().length() > MAX_HOST) {
                    return one;
                }
                lastOneHost = one;
                lastHost = host;
            }
            return lastOneHost;
        }

        @Override
        public boolean headerComplete() {
            if (named) {
                upgrades.forEach(super::parsedHeader);
            }
            upgrades.clear();
            return super.headerComplete();
        }
    }
}
