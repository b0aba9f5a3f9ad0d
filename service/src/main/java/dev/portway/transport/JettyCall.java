package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** A call over HTTP/2, or over TLS, where ALPN decides on the protocol: by Jetty's client. Confined to its loop. */
final class JettyCall implements BackendCall, Request.Listener, Response.Listener {

    private final JettyRequest request;
    private final Listener listener;
    private final @Nullable Body body;
    private @Nullable BackendResponse answer;
    private boolean interim;
    private boolean proceeding;
    private boolean sent;
    private boolean answeredEarly;
    private boolean ended;

    JettyCall(HttpClient client, LoopBackend to, BackendRequest request, Listener listener) {
        this.request = new JettyRequest(client, to, request);
        this.listener = requireNonNull(listener, "listener");
        this.body = request.body() == null ? null : new Body(request.body());
    }

    @Override
    public void begin() {
        if (body != null) {
            request.body(body);
        }
        request.onRequestListener(this);
        request.send(this);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what the future tells is told to onComplete, too
    public void abort(Throwable cause) {
        request.abort(cause);
    }

    @Override
    public void proceed() {
        proceeding = true;
        if (!interim) {
            request.sending().proceed(null, null);
        }
    }

    @Override
    public EndPoint takeOver() {
        return ((Connection) request.getConnection()).getEndPoint();
    }

    // The request

    @Override
    public void onBegin(Request begun) {
        boolean reused = request.getConnection() instanceof Connection connection && connection.getMessagesIn() > 0;
        listener.connected(reused, request.getVersion() == HttpVersion.HTTP_2);
    }

    @Override
    public void onCommit(Request committed) {
        listener.headSent();
    }

    @Override
    public void onSuccess(Request whole) {
        sent = true;
        listener.sent();
    }

    // The response

    @Override
    public void onHeaders(Response response) {
        interim = HttpStatus.isInterim(response.getStatus());
        if (interim) {
            listener.interim(response.getStatus(), response.getHeaders());
        }
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
        if (interim) {
            source.read(); // nothing but its end
            return;
        }
        answer = new BackendResponse(
                response.getVersion(), response.getStatus(), HttpFields.build(response.getHeaders()));
        listener.answered(answer, source);
        if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
            source.read();
        }
    }

    @Override
    public void onSuccess(Response response) {
        if (interim) {
            interim = false;
            request.sending().resetResponse(); // makes room for the one that follows
            if (proceeding) {
                request.sending().proceed(null, null);
            }
            return;
        }
        HttpFields trailers = response.getTrailers();
        if (trailers != null) {
            for (HttpField trailer : trailers) {
                requireNonNull(answer).trailer(trailer);
            }
        }
        if (!sent && body != null) {
            // The backend has said all it will; the rest of the upload is nobody's (behaviour 100). While it is still
            // being sent, Jetty reads from the client: the end waits until it has let go.
            if (body.read) {
                end(null);
            } else {
                answeredEarly = true;
                abort(new CancellationException("the backend has answered"));
            }
        }
    }

    @Override
    public void onComplete(Result result) {
        end(answeredEarly ? null : result.getFailure());
    }

    private void end(@Nullable Throwable failure) {
        if (!ended) {
            ended = true;
            listener.ended(failure);
        }
    }

    private static final class Body implements Request.Content {
        private final Content.Source source;
        private boolean read;

        Body(Content.Source source) {
            this.source = source;
        }

        /** Null, so that the client's field is sent as it is, or none. */
        @Override
        public @Nullable String getContentType() {
            return null;
        }

        @Override
        public long getLength() {
            return source.getLength();
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = source.read();
            read |= chunk != null && chunk.isLast();
            return chunk;
        }

        @Override
        public void demand(Runnable callback) {
            source.demand(callback);
        }

        @Override
        public void fail(Throwable failure) {
            source.fail(failure);
        }

        @Override
        public void fail(Throwable failure, boolean last) {
            source.fail(failure, last);
        }
    }
}
