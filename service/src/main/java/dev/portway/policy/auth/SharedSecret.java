package dev.portway.policy.auth;

import dev.portway.config.TokenKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The one key that issuer and proxy share. Immutable. */
final class SharedSecret implements KeySource {

    private final CompletableFuture<List<TokenKey>> keys;

    SharedSecret(String secret) {
        this.keys = CompletableFuture.completedFuture(List.of(TokenKey.of(secret)));
    }

    @Override
    public CompletableFuture<List<TokenKey>> keys() {
        return keys;
    }

    @Override
    public CompletableFuture<List<TokenKey>> newer(List<TokenKey> known) {
        return keys;
    }
}
