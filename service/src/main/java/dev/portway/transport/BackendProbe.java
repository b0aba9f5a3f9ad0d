package dev.portway.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.portway.config.HealthConfig;
import dev.portway.config.ProxyProtocol;
import dev.portway.config.TargetUrl;
import dev.portway.health.Probe;
import dev.portway.upstream.Backend;
import io.dropwizard.lifecycle.Managed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Asks backends by a client of its own, away from the event loops, made when it is first needed: most configurations have
 * no check of this kind. Over HTTP/1.1 each check opens a connection, which is part of what it finds out. Thread-safe.
 */
public final class BackendProbe implements Probe, Managed {

    private static final int MAX_THREADS = 4;
    private static final int THREAD_IDLE_MILLIS = 30_000;
    private static final int DESTINATION_IDLE_MILLIS = 60_000;

    /** What is read of a body, so that the server sees no reset, and what is expected there is looked for in. */
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final BackendReach reach;
    private @Nullable HttpClient client; // guarded by this
    private boolean stopped; // guarded by this

    public BackendProbe(BackendReach reach) {
        this.reach = requireNonNull(reach, "reach");
    }

    @Override
    public CompletableFuture<Answer> ask(Backend backend, HealthConfig check, String path) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Probed probed = new Probed(backend, check.port());
        TargetUrl url = probed.url();
        Reader reader = new Reader(answer, check.body() != null);
        try {
            client().newRequest("http://localhost")
                    .scheme(url.secure() ? "https" : "http")
                    .method(check.method())
                    .path(path)
                    .tag(probed)
                    .headers(fields -> {
                        fields.put(HttpHeader.HOST, hostOf(url, backend))
                                .put(HttpHeader.USER_AGENT, "portway-health-check");
                        check.headers().forEach(fields::put);
                        fields.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
                    })
                    .timeout(check.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .onRequestSuccess(sent -> reader.sent())
                    .send(reader);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private static String hostOf(TargetUrl url, Backend backend) {
        return url.local() ? "localhost" : url.at(backend.identity().host()).authority();
    }

    private synchronized HttpClient client() {
        if (stopped) {
            throw new IllegalStateException("the proxy is stopping");
        }
        if (client == null) {
            QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1, THREAD_IDLE_MILLIS);
            threads.setName("portway-health");
            threads.setDaemon(true);
            threads.setReservedThreads(0);
            ClientConnector connector = new ClientConnector();
            connector.setSslContextFactory(reach.trust().system());
            HttpClient made = new HttpClient(
                    new BackendTransport(connector, reach.trust(), new HttpClientConnectionFactory.HTTP11()));
            made.setExecutor(threads);
            made.setSocketAddressResolver(new BackendResolver(reach.names(), context -> threads));
            made.setDestinationIdleTimeout(DESTINATION_IDLE_MILLIS);
            made.setFollowRedirects(false);
            made.setHttpCookieStore(new HttpCookieStore.Empty());
            made.getProtocolHandlers().clear();
            LifeCycle.start(made);
            client = made;
        }
        return client;
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        LifeCycle.stop(client);
    }

    /** @param port 0 for the backend's own */
    private record Probed(Backend backend, int port) implements BackendTag, ClientConnectionFactory.Decorator {

        @Override
        public TargetUrl url() {
            TargetUrl url = backend.identity().url();
            return port == 0 ? url : new TargetUrl(url.scheme(), url.host(), port, url.path(), url.query());
        }

        @Override
        public ClientConnectionFactory apply(ClientConnectionFactory next) {
            ProxyProtocol version = backend.identity().proxyProtocol();
            return version == null ? next : Announcement.ofTheProxy(version).before(next);
        }
    }

    /** Is content with the head, unless the body matters, and reads a short body to its end. */
    private static final class Reader implements Response.Listener {
        private final CompletableFuture<Answer> answer;
        private final boolean bodyMatters;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private volatile long sentAt = System.nanoTime(); // written when the request is out, read with the head
        private long headAfter;
        private long bytes;

        Reader(CompletableFuture<Answer> answer, boolean bodyMatters) {
            this.answer = answer;
            this.bodyMatters = bodyMatters;
        }

        void sent() {
            sentAt = System.nanoTime();
        }

        @Override
        public void onHeaders(Response response) {
            headAfter = Math.max(1, System.nanoTime() - sentAt);
            if (response.getStatus() >= 200 && !bodyMatters) {
                answer.complete(new Answer(response.getStatus(), "", headAfter));
            }
        }

        @Override
        public void onContent(Response response, ByteBuffer content) {
            bytes += content.remaining();
            if (bodyMatters) {
                byte[] part = BufferUtil.toArray(content);
                body.write(part, 0, part.length);
            }
            if (bytes > MAX_BODY_BYTES) {
                complete(response);
                var unused = response.abort(new IllegalStateException("its body is long"));
            }
        }

        @Override
        public void onComplete(Result result) {
            if (result.isFailed()) {
                answer.completeExceptionally(result.getFailure());
            } else {
                complete(result.getResponse());
            }
        }

        private void complete(Response response) {
            answer.complete(new Answer(response.getStatus(), body.toString(ISO_8859_1), headAfter));
        }
    }
}
