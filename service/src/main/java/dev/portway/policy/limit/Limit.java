package dev.portway.policy.limit;

/** What is counted for one limit of the configuration, key by key, while traffic flows. Thread-safe. */
sealed interface Limit permits RateLimit, ConcurrencyLimit {

    /**
     * Counts a request in, if it may pass.
     *
     * @return negative if it may not; what it is else, and by how much it is refused, is for {@link #left} and
     *     {@link #retryNanos} to read
     */
    long take(String key);

    /** What {@link #take} would say now, without counting. */
    long look(String key);

    /** A request that was counted in has ended. */
    void ended(String key);

    /** Whether {@link #ended} means anything. */
    boolean countsEnds();

    /** The quota, in the words of {@code RateLimit-Policy}: what follows the name. */
    String quota();

    /** How many requests are left, of what {@link #take} said; not negative. */
    long left(long taken);

    /** Seconds until there are more, of what {@link #take} said; negative where nobody can say. */
    long untilMore(long taken);

    /** Nanoseconds after which it is worth trying again, of what {@link #take} said to a request that it refused. */
    long retryNanos(long refused);

    /** For people: what was exceeded. */
    String shown();
}
