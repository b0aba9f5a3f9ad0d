package dev.portway.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How far a target has come in its slow start. Immutable.
 *
 * @param share of what its weight says, above 0 and at most 1
 * @param left until it has it all
 */
public record Growth(double share, Duration left) {

    public Growth {
        requireNonNull(left, "left");
    }
}
