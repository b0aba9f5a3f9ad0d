package dev.portway.transport;

/** What comes next on a connection that is read. */
enum Http1Event {
    /** Nothing has come yet. */
    NONE,
    HEAD,
    CONTENT,
    COMPLETE,
    /** See {@link Http1Connection#failure}. */
    FAILED
}
