package dev.portway.upstream;

/**
 * Chooses among {@link Candidates}, which are fixed: where they change, another balancer takes its place. Implementations
 * are thread-safe, take no lock, do not block and allocate nothing.
 */
interface LoadBalancer {

    /**
     * The target to be asked first. Whoever asks it finds out whether it can take the request, and knows {@link Others} that
     * can: a strategy need not care, unless it has a preference there too.
     *
     * @param limit of the requests in flight to any backend
     */
    Target pick(Selection selection, int limit);
}
