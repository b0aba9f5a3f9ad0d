package dev.portway.upstream;

/**
 * Chooses among the targets that may take the next request, at least one, which are fixed: where they change, another
 * balancer takes its place. Implementations are thread-safe, take no lock, do not block and allocate nothing.
 */
interface LoadBalancer {

    Target pick();
}
