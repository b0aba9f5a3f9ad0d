package dev.portway.exchange;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** What a rule has to say of the head of a backend's response before any of it is passed on. */
@FunctionalInterface
public interface ResponseCheck {

    /** What to answer in its place; null where it may pass. */
    @Nullable
    Failure refusal(int status, HttpFields fields);
}
