package dev.portway.transport;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;

/**
 * A connection to a backend. Where more came than the response, it takes no other request: Jetty's own would throw away
 * what it has read of the surplus, and take the rest of it for the next response. Confined.
 */
final class BackendConnection extends HttpConnectionOverHTTP {

    BackendConnection(EndPoint endPoint, Map<String, Object> context) {
        super(endPoint, context);
    }

    @Override
    protected HttpChannelOverHTTP newHttpChannel() {
        return new Channel(this);
    }

    private static final class Channel extends HttpChannelOverHTTP {
        private boolean surplus;

        Channel(BackendConnection connection) {
            super(connection);
        }

        @Override
        protected HttpReceiverOverHTTP newHttpReceiver() {
            return new HttpReceiverOverHTTP(this) {
                @Override
                public boolean messageComplete() {
                    HttpExchange exchange = getHttpExchange();
                    ByteBuffer rest = getResponseBuffer();
                    if (exchange != null
                            && !HttpStatus.isInterim(exchange.getResponse().getStatus())
                            && rest != null
                            && rest.hasRemaining()) {
                        surplus = true;
                    }
                    return super.messageComplete();
                }
            };
        }

        @Override
        public void release() {
            if (surplus) {
                getHttpConnection().close();
            } else {
                super.release();
            }
        }
    }
}
