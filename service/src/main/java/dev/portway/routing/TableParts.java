package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.BackendPool;

/**
 * What the tables of one proxy are made with. Immutable.
 *
 * @param backends that tables hold while they are in force
 * @param names of targets that stand for several backends
 * @param policies makes the rules
 */
public record TableParts(BackendPool backends, NameBook names, PolicyCompiler policies) {

    public TableParts {
        requireNonNull(backends, "backends");
        requireNonNull(names, "names");
        requireNonNull(policies, "policies");
    }

    /** Without rules, and without names that stand for several backends. */
    public static TableParts of(BackendPool backends) {
        return new TableParts(backends, NameBook.EMPTY, PolicyCompiler.NONE);
    }
}
