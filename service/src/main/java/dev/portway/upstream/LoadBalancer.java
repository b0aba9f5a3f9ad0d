package dev.portway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Chooses one of a route's targets for a request. Implementations are thread-safe, take no lock, do not block and
 * allocate nothing.
 */
interface LoadBalancer {

    /**
     * The target to use.
     *
     * @param targets all of them, never changed, always the same array
     * @param wellOnly whether backends whose health is down are passed over
     * @return null if none is {@link Target#enabled()} (and, with {@code wellOnly}, available)
     */
    @Nullable
    Target pick(Target[] targets, boolean wellOnly);
}
