package dev.portway.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls, each of them within the timeout, and reads their answers. A call may be waited for or not; both ways share
 * all but the waiting. Thread-safe.
 */
final class Transport implements AutoCloseable {

    /** The largest answer that is read, in bytes. */
    static final int LARGEST_ANSWER = 64 * 1024 * 1024;

    /** For the thread of the timer to end, once it is interrupted. */
    private static final Duration LAST_TURN = Duration.ofSeconds(1);

    private final URI admin;
    private final @Nullable String token;
    private final Duration timeout;
    private final Failures failures;
    private final Carrier carrier;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, CompletableFuture<?>> inFlight = new ConcurrentHashMap<>();
    private volatile @Nullable Thread timing; // written as the timer begins a thread, read by close()
    private volatile boolean closed; // written by close(), read by any thread

    Transport(URI admin, @Nullable String token, Duration timeout, Carrier carrier) {
        this.admin = requireNonNull(admin, "admin");
        this.token = token;
        this.timeout = requireNonNull(timeout, "timeout");
        this.failures = new Failures(admin, token != null);
        this.carrier = requireNonNull(carrier, "carrier");
        this.timer = new ScheduledThreadPoolExecutor(1, this::timerThread);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Sends a call and waits for what it answers. */
    <T> T send(Call<T> call) {
        CompletableFuture<Reply> answer = dispatch(call);
        try {
            return read(call, answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw closed ? closedException() : failures.of(call, requireNonNull(e.getCause(), "cause"));
        } catch (TimeoutException e) {
            throw failures.late(call, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted(call, e);
        } catch (CancellationException e) {
            throw closedException();
        } finally {
            answer.cancel(true);
        }
    }

    /** Sends a call; cancelling what is returned gives up the call. */
    <T> CompletableFuture<T> sendAsync(Call<T> call) {
        CompletableFuture<Reply> answer = dispatch(call);
        CompletableFuture<T> result = new CompletableFuture<>();
        ScheduledFuture<?> deadline = timer.schedule(
                () -> result.completeExceptionally(failures.late(call, timeout)),
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        CompletableFuture<?> unusedAnswer = answer.whenComplete((response, failure) -> {
            try {
                if (failure != null) {
                    result.completeExceptionally(closed ? closedException() : failures.of(call, cause(failure)));
                } else {
                    result.complete(read(call, response));
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        CompletableFuture<?> unusedResult = result.whenComplete((value, failure) -> {
            deadline.cancel(false);
            answer.cancel(true);
        });
        return result;
    }

    /** Waits for something that does not fail, as long as for a call. */
    void await(CompletableFuture<?> end) {
        try {
            end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return; // there is nobody to tell, and nothing to do about it
        }
    }

    /** What a stage failed with. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Runs timed tasks, none of which may wait. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    URI admin() {
        return admin;
    }

    /** Gives up the calls in flight, and ends every connection and thread. */
    @Override
    public void close() {
        closed = true;
        endTimer();
        inFlight.values().forEach(answer -> answer.cancel(true));
        carrier.close();
    }

    private Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "portway-client-timer");
        thread.setDaemon(true);
        timing = thread;
        return thread;
    }

    /** Waits for its thread, unless a listener closes the client from there. */
    private void endTimer() {
        timer.shutdownNow();
        Thread thread = timing;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(LAST_TURN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Reply> dispatch(Call<?> call) {
        if (closed) {
            throw closedException();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        headers.putAll(call.headers());
        if (call.body() != null) {
            headers.put("Content-Type", "application/json");
        }
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        CompletableFuture<Reply> answer =
                carrier.send(new Outgoing(call.method(), URI.create(admin + call.path()), headers, call.body()));
        long number = calls.incrementAndGet();
        inFlight.put(number, answer);
        CompletableFuture<?> unused = answer.whenComplete((response, failure) -> inFlight.remove(number));
        return answer;
    }

    private <T> T read(Call<T> call, Reply reply) {
        if (!reply.successful()) {
            throw failures.of(call, reply);
        }
        try {
            return call.reader().read(new Answer(reply.status(), reply.etag(), reply.body()));
        } catch (IOException e) {
            throw failures.unreadable(call, reply, e);
        }
    }

    private static IllegalStateException closedException() {
        return new IllegalStateException("this client is closed (expected: calls before close())");
    }
}
