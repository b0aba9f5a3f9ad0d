package dev.portway.upstream;

/** What seeking a target for a request came to: a {@link Target}, or why there is none. */
public sealed interface Pick permits Target, Pick.Nobody {

    /** Why no target takes the request. */
    enum Nobody implements Pick {
        /** Every target is drained or set down. */
        TAKEN_OUT,
        /** Each that is not has as many requests as it may have. */
        FULL
    }
}
