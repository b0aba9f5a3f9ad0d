package dev.portway.upstream;

/**
 * Chooses among the targets that may take the next request, at least one, which are fixed: where they change, another
 * balancer takes its place. Implementations are thread-safe, take no lock, do not block and allocate nothing.
 */
interface LoadBalancer {

    /** The target to be asked first; if it cannot take the request, {@link Others} know one that can. */
    Target pick(Selection selection);
}
