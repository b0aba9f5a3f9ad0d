package dev.portway.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's client with the threads that it uses, all of which end when this is closed. Before Java 21 that client cannot
 * be closed: it ends some time after nobody refers to it, and its connections with it. Its selector thread ends when it is
 * interrupted, though, and closes what it has; so it is started in a group of threads by which it can be. Thread-safe.
 */
final class Connections implements Carrier {

    private static final long GRACE_MILLIS = 2_000;

    private final ThreadGroup group = new ThreadGroup("portway-client");
    private final ThreadPoolExecutor workers;
    private final HttpClient http;

    Connections(URI admin, Duration connectTimeout, @Nullable SSLContext tls) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout);
        if (tls != null) {
            builder.sslContext(tls);
        } else if (admin.getScheme().equals("http")) {
            builder.sslContext(new NoTls()).sslParameters(new SSLParameters());
        }
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "portway-client"));
        this.http = CompletableFuture.supplyAsync(
                        () -> builder.executor(workers).build(),
                        task -> daemon(task, "portway-client-start").start())
                .join();
    }

    @Override
    public CompletableFuture<Reply> send(Outgoing outgoing) {
        HttpRequest.Builder request = HttpRequest.newBuilder(outgoing.uri())
                .method(
                        outgoing.method(),
                        outgoing.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(outgoing.body()));
        outgoing.headers().forEach(request::setHeader);
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request.build(), info -> new BoundedBody(Transport.LARGEST_ANSWER));
        CompletableFuture<Reply> reply = response.thenApply(Connections::reply);
        CompletableFuture<?> unused = reply.whenComplete((answer, failure) -> response.cancel(true));
        return reply;
    }

    private static Reply reply(HttpResponse<String> response) {
        HttpHeaders fields = response.headers();
        return new Reply(
                response.statusCode(),
                fields.firstValue("Content-Type").orElse(""),
                fields.firstValue("Location").orElse(""),
                fields.firstValue("ETag").orElse(""),
                response.body());
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(http); // Java 21 and later
        } catch (ReflectiveOperationException e) {
            group.interrupt();
        }
        awaitThreads();
    }

    private void awaitThreads() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
        Thread[] threads = new Thread[group.activeCount() + 8];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (threads[i] == Thread.currentThread() || left <= 0) {
                continue;
            }
            try {
                threads[i].join(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(group, task, name);
        thread.setDaemon(true);
        return thread;
    }
}
