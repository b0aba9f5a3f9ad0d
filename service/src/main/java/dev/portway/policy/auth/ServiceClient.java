package dev.portway.policy.auth;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks services what the rules need to know, on threads of its own, in bounded time and memory. Thread-safe. */
final class ServiceClient {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Made for the first who asks: with most configurations there is none. */
    private static final class Client {
        static final HttpClient ONLY = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * Sends {@code request}; the answer fails where it is not there, whole, within {@code limit}.
     *
     * @param maxBytes of the body
     */
    CompletableFuture<HttpResponse<byte[]>> ask(HttpRequest request, Duration limit, int maxBytes) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                Client.ONLY.sendAsync(request, head -> new BoundedBody(maxBytes));
        return answer.thenApply(whole -> whole)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((whole, failure) -> {
                    if (failure != null) {
                        answer.cancel(true);
                    }
                });
    }

    /** A body that fails when it becomes too long. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {

        private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
        private final int maxBytes;
        private long bytes;
        private boolean over;
        private Flow.@Nullable Subscription subscription;

        BoundedBody(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            whole.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> piece) {
            for (ByteBuffer buffer : piece) {
                bytes += buffer.remaining();
            }
            if (bytes <= maxBytes) {
                whole.onNext(piece);
            } else if (!over) {
                over = true;
                if (subscription != null) {
                    subscription.cancel();
                }
                whole.onError(new IOException("the answer has more than " + maxBytes + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.onError(failure);
        }

        @Override
        public void onComplete() {
            if (!over) {
                whole.onComplete();
            }
        }
    }

    /** Why there is no answer, in words of its own: those of the client may hold what the service said. */
    static String why(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "there is no answer in time";
        }
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                    ? "there is no such name"
                    : "the connection fails";
        }
        return cause instanceof ProtocolException ? "the answer is not HTTP" : String.valueOf(cause);
    }

    /** Without a query, which may hold a secret. */
    static String place(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
}
