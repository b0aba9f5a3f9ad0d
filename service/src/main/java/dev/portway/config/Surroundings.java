package dev.portway.config;

import static java.util.Objects.requireNonNull;

/**
 * What the rest of the file says that the reading of one route depends on. Immutable.
 *
 * @param own listeners of this proxy, where no target may lead
 * @param security the rules of every route that has none of its own
 */
record Surroundings(Listeners own, RulesConfig security) {

    Surroundings {
        requireNonNull(own, "own");
        requireNonNull(security, "security");
    }
}
