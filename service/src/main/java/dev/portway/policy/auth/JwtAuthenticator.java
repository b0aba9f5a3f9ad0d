package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portway.config.JwtConfig;
import dev.portway.config.KeyHash;
import dev.portway.config.TokenKey;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A signed token (RFC 7519), sent as RFC 6750 says. A signature takes as long to check as several requests, so others do it,
 * and what was right is remembered while the token and the keys are valid. Thread-safe.
 */
final class JwtAuthenticator implements Authenticator {

    static final String SCHEME = "Bearer";

    private static final int REMEMBERED = 10_000;

    private final TokenCheck tokens;
    private final KeySource source;
    private final Executor workers;
    private final long leewayMillis;
    private final Cache<ByteBuffer, Proven> proven = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /** @param workers where signatures are checked; may reject */
    JwtAuthenticator(JwtConfig rule, KeySource source, Executor workers) {
        this.tokens = new TokenCheck(rule);
        this.source = requireNonNull(source, "source");
        this.workers = requireNonNull(workers, "workers");
        this.leewayMillis = rule.leeway().toMillis();
    }

    @Override
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        if (!AuthorizationField.uses(exchange, SCHEME)) {
            verdict.accept(Verdict.MISSING);
            return;
        }
        String token = AuthorizationField.credentials(exchange, SCHEME);
        if (token == null) {
            verdict.accept(new Verdict.Wrong(AuthorizationField.several(exchange)));
            return;
        }
        check(token, verdict);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // all that can come of it is handled in it
    void check(String token, Consumer<Verdict> verdict) {
        ByteBuffer digest = ByteBuffer.wrap(KeyHash.digest(token));
        CompletableFuture<List<TokenKey>> keys = source.keys();
        Identity known = known(digest, keys);
        if (known != null) {
            verdict.accept(new Verdict.Accepted(known));
            return;
        }
        keys.thenComposeAsync(now -> check(token, digest, now), workers)
                .exceptionally(failure -> new Verdict.Unavailable("tokens cannot be checked now"))
                .thenAccept(verdict);
    }

    private @Nullable Identity known(ByteBuffer digest, CompletableFuture<List<TokenKey>> keys) {
        Proven before = proven.getIfPresent(digest);
        return before != null
                        && keys.isDone()
                        && !keys.isCompletedExceptionally()
                        && keys.join() == before.keys
                        && System.currentTimeMillis() < before.expires + leewayMillis
                ? before.identity
                : null;
    }

    private CompletableFuture<Verdict> check(String token, ByteBuffer digest, List<TokenKey> keys) {
        if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(new Verdict.Unavailable("there are no keys to check tokens with"));
        }
        TokenCheck.Result result = tokens.check(token, keys);
        if (!result.unknownKey()) {
            return CompletableFuture.completedFuture(verdict(result, digest, keys));
        }
        return source.newer(keys).thenApplyAsync(newer -> verdict(tokens.check(token, newer), digest, newer), workers);
    }

    private Verdict verdict(TokenCheck.Result result, ByteBuffer digest, List<TokenKey> keys) {
        if (result.identity() == null) {
            return new Verdict.Wrong(
                    result.unknownKey()
                            ? "the token's key is not one of the issuer's"
                            : String.valueOf(result.cause()));
        }
        proven.put(digest, new Proven(keys, result.identity(), result.expires()));
        return new Verdict.Accepted(result.identity());
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    /** A token that was right. */
    private record Proven(List<TokenKey> keys, Identity identity, long expires) {}
}
