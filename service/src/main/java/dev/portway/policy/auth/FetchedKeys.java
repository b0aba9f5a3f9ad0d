package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.config.InvalidValueException;
import dev.portway.config.TokenKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that an issuer shows (RFC 7517, section 5). Fetched when first needed, then each five minutes, and when a token
 * names one that is not known, but never more than once in ten seconds. While the issuer cannot be asked, those that are known
 * stay in force for an hour. Thread-safe.
 */
final class FetchedKeys implements KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 512 * 1024;
    static final long FRESH = Duration.ofMinutes(5).toNanos();
    static final long KEPT = Duration.ofHours(1).toNanos();
    static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final URI url;
    private final ServiceClient services;
    private final LongSupplier nanoTime;
    private final Duration limit;
    private @Nullable Known known; // guarded by this
    private @Nullable CompletableFuture<List<TokenKey>> fetching; // guarded by this; the last one, perhaps over
    private long fetchedAt; // guarded by this; when the last one was begun
    private final Outage outage;

    FetchedKeys(URI url, ServiceClient services, LongSupplier nanoTime) {
        this(url, services, nanoTime, LIMIT);
    }

    /** @param limit of a fetch */
    FetchedKeys(URI url, ServiceClient services, LongSupplier nanoTime, Duration limit) {
        this.url = requireNonNull(url, "url");
        this.services = requireNonNull(services, "services");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.limit = requireNonNull(limit, "limit");
        this.outage = new Outage(nanoTime);
    }

    @Override
    public synchronized CompletableFuture<List<TokenKey>> keys() {
        Known now = inForce();
        if (now == null) {
            return fetch();
        }
        if (nanoTime.getAsLong() - now.since >= FRESH) {
            var unused = fetch(); // whose result is for those who come later
        }
        return CompletableFuture.completedFuture(now.keys);
    }

    @Override
    public synchronized CompletableFuture<List<TokenKey>> newer(List<TokenKey> before) {
        Known now = inForce();
        if (now != null && now.keys != before) {
            return CompletableFuture.completedFuture(now.keys);
        }
        return fetch().exceptionally(failure -> before);
    }

    private @Nullable Known inForce() {
        return known == null || nanoTime.getAsLong() - known.since >= KEPT ? null : known;
    }

    /** The fetch under way, or the last one where that was a moment ago, or another. */
    private CompletableFuture<List<TokenKey>> fetch() {
        CompletableFuture<List<TokenKey>> current = fetching;
        if (current == null || (current.isDone() && nanoTime.getAsLong() - fetchedAt >= PAUSE)) {
            HttpRequest request = HttpRequest.newBuilder(url)
                    .header("Accept", "application/jwk-set+json, application/json")
                    .build();
            fetchedAt = nanoTime.getAsLong();
            current = services.ask(request, limit, MAX_BYTES)
                    .thenApply(FetchedKeys::parse)
                    .handle(this::take);
            fetching = current;
        }
        return current;
    }

    private static List<TokenKey> parse(HttpResponse<byte[]> answer) {
        try {
            if (answer.statusCode() != 200) {
                throw new IOException("the answer is " + answer.statusCode());
            }
            List<TokenKey> keys = TokenKey.parse(answer.body()).stream()
                    .filter(key -> !(key.key() instanceof SecretKey)) // what everybody can fetch is no secret
                    .toList();
            if (keys.isEmpty()) {
                throw new IOException("the answer holds no public key");
            }
            return keys;
        } catch (InvalidValueException e) {
            throw new CompletionException(new IOException("the answer " + e.getMessage(), e));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private synchronized List<TokenKey> take(@Nullable List<TokenKey> keys, @Nullable Throwable failure) {
        if (keys == null) {
            if (outage.failed()) {
                LOG.warn(
                        "the keys at {} could not be fetched: {}; {}",
                        ServiceClient.place(url),
                        ServiceClient.why(failure),
                        inForce() == null
                                ? "requests with a token are answered 503"
                                : "those fetched before stay in force for an hour");
            }
            throw new CompletionException(failure);
        }
        if (outage.answered()) {
            LOG.info("the keys at {} could be fetched again", ServiceClient.place(url));
        }
        List<TokenKey> same = known != null && known.keys.equals(keys) ? known.keys : keys;
        known = new Known(same, nanoTime.getAsLong());
        return same;
    }

    private record Known(List<TokenKey> keys, long since) {}
}
