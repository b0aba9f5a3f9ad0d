package dev.portway.policy.auth;

import dev.portway.exchange.Identity;

/** What one way to prove who one is has found of a request. */
sealed interface Verdict {

    /** Nothing of the kind was sent. */
    record Missing() implements Verdict {}

    /** It is proven who it is. */
    record Accepted(Identity identity) implements Verdict {}

    /**
     * What was sent proves nothing.
     *
     * @param cause why, and no part of it
     */
    record Wrong(String cause) implements Verdict {}

    /**
     * Nobody can tell now.
     *
     * @param cause why
     */
    record Unavailable(String cause) implements Verdict {}

    Verdict MISSING = new Missing();
}
