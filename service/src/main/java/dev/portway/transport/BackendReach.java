package dev.portway.transport;

import static java.util.Objects.requireNonNull;

import dev.portway.health.NameLookup;

/**
 * What it takes to reach backends, shared by all who do. Immutable.
 *
 * @param names where they are
 * @param trust how they are known
 */
public record BackendReach(NameLookup names, BackendTrust trust) {

    public BackendReach {
        requireNonNull(names, "names");
        requireNonNull(trust, "trust");
    }
}
