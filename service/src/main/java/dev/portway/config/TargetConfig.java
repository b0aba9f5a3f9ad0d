package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * One place requests may go. Immutable.
 *
 * @param url the origin, with the base path and query joined to every request's own
 * @param weight share of the traffic beside the other targets, 0..1000; 0 takes none
 * @param state whether it takes new requests
 */
public record TargetConfig(TargetUrl url, int weight, TargetState state) {

    public TargetConfig {
        requireNonNull(url, "url");
        requireNonNull(state, "state");
    }

    /** A target with weight 1 that is up. */
    public static TargetConfig of(TargetUrl url) {
        return new TargetConfig(url, 1, TargetState.UP);
    }
}
