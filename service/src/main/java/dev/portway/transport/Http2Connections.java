package dev.portway.transport;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.SessionContainer;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerSession;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes clients' HTTP/2 connections, whose requests come to the handlers as {@link Http2Translation} has it. In clear
 * text they begin with the preface (prior knowledge); an {@code Upgrade: h2c} has no effect (RFC 9113, section 3.1).
 */
final class Http2Connections extends HTTP2ServerConnectionFactory implements ConnectionFactory.Upgrading {

    private static final Logger LOG = LoggerFactory.getLogger(Http2Connections.class);

    static final String CLEAR = "h2c";
    static final String TLS = "h2";

    Http2Connections(HttpConfiguration configuration, String protocol) {
        super(configuration, protocol);
    }

    /** As Jetty's, but with a parser, a session and rates of our own. */
    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConfiguration http = getHttpConfiguration();
        Generator generator = new Generator(
                connector.getByteBufferPool(), isUseOutputDirectByteBuffers(), getMaxHeaderBlockFragment());
        generator.getHpackEncoder().setMaxHeaderListSize(http.getMaxResponseHeaderSize());
        ServerParser parser =
                new TimedParser(http.getRequestHeaderSize(), new FrameRates(), ClientEndPoint.beneath(endPoint));
        parser.setMaxSettingsKeys(getMaxSettingsKeys());
        ServerSessionListener listener = newSessionListener(connector, endPoint);
        HTTP2ServerSession session = new Http2Session(
                connector,
                endPoint,
                parser,
                generator,
                listener,
                getFlowControlStrategyFactory().newFlowControlStrategy());
        session.setMaxLocalStreams(getMaxConcurrentStreams());
        session.setMaxRemoteStreams(getMaxConcurrentStreams());
        session.setMaxEncoderTableCapacity(getMaxEncoderTableCapacity());
        session.setStreamIdleTimeout(endPoint.getIdleTimeout());
        session.setInitialSessionRecvWindow(getInitialSessionRecvWindow());
        session.setWriteThreshold(http.getOutputBufferSize());
        session.setConnectProtocolEnabled(isConnectProtocolEnabled());
        HTTP2Connection connection = new HTTP2ServerConnection(connector, endPoint, http, session, listener);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        connection.addEventListener(getBean(SessionContainer.class));
        getEventListeners().forEach(session::addEventListener);
        parser.init(connection);
        return configure(connection, connector, endPoint);
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response101) {
        if (!HttpMethod.PRI.is(request.getMethod())) {
            return null;
        }
        HTTP2ServerConnection connection = (HTTP2ServerConnection) newConnection(connector, endPoint);
        connection.upgrade(request, response101);
        return connection;
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new Streams(endPoint);
    }

    private final class Streams extends HTTPServerSessionListener {

        private final boolean secure;

        Streams(EndPoint endPoint) {
            super(endPoint);
            this.secure = endPoint.isSecure();
        }

        @Override
        public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
            MetaData.Request request = (MetaData.Request) frame.getMetaData();
            try {
                MetaData.Request translated = request instanceof MetaData.ConnectRequest connect
                        ? Http2Translation.translated(connect, secure)
                        : Http2Translation.translated(request, frame.isEndStream(), secure);
                return super.onNewStream(
                        stream,
                        new HeadersFrame(frame.getStreamId(), translated, frame.getPriority(), frame.isEndStream()));
            } catch (Http2Translation.ConnectionFieldException malformed) {
                onStreamFailure(stream, malformed, Callback.NOOP);
                return this;
            } catch (HttpException.RuntimeException refused) {
                super.onStreamFailure(stream, refused, Callback.NOOP);
                return this;
            }
        }

        /** What is malformed is no request (RFC 9113, section 8.1.1): there is nothing to answer or record. */
        @Override
        public void onStreamFailure(Stream stream, Throwable failure, Callback callback) {
            LOG.debug(
                    "a malformed request from {} over HTTP/2: {}",
                    stream.getSession().getRemoteSocketAddress(),
                    failure.getMessage());
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.PROTOCOL_ERROR.code), callback);
        }
    }
}
