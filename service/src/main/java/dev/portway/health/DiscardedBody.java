package dev.portway.health;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody wait for a body. A short one is read to its end, so that the connection can be used again and the server
 * sees no reset; one that is long or does not end is broken off.
 */
final class DiscardedBody implements BodySubscriber<@Nullable Void> {

    private static final long LIMIT = 64 * 1024;

    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private long bytes; // of the subscription, which signals one at a time

    DiscardedBody(Duration limit) {
        end.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletionStage<@Nullable Void> getBody() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        end.exceptionally(tooMuch -> {
            subscription.cancel();
            return null;
        });
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > LIMIT) {
            end.completeExceptionally(new IllegalStateException("body: more than " + LIMIT + " bytes"));
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(null);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
