package dev.portway.policy.auth;

import dev.portway.exchange.Identity;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** What one way to prove who one is has found of a request. */
sealed interface Verdict {

    /** Nothing of the kind was sent. */
    record Missing() implements Verdict {}

    /**
     * It is proven who it is.
     *
     * @param told to the backend beside what the rule says of the identity
     */
    record Accepted(Identity identity, List<HttpField> told) implements Verdict {

        Accepted(Identity identity) {
            this(identity, List.of());
        }
    }

    /** Nobody is let in, and this is what the client is told. */
    @SuppressWarnings("ArrayRecordComponent") // written, never compared
    record Refused(int status, HttpFields fields, byte[] body) implements Verdict {}

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
