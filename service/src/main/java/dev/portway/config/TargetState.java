package dev.portway.config;

/** Whether a target takes requests, as a person decided it (not as its health has it). */
public enum TargetState {
    /** Takes requests. */
    UP,
    /** Takes no new requests; those in flight finish. */
    DRAIN,
    /** Takes no requests. */
    DOWN
}
