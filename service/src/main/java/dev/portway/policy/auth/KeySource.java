package dev.portway.policy.auth;

import dev.portway.config.TokenKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the keys are from that tokens are checked with. Thread-safe. */
interface KeySource {

    /** Those in force, the same list as long as they are the same; fails where there are none. */
    CompletableFuture<List<TokenKey>> keys();

    /** The same after a look for others, since a token names a key that is not among {@code known}. */
    CompletableFuture<List<TokenKey>> newer(List<TokenKey> known);
}
