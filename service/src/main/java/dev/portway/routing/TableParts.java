package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.BackendPool;

/**
 * What the tables of one proxy are made with. Immutable.
 *
 * @param backends that tables hold while they are in force
 * @param addresses of names whose targets stand for each of them
 * @param policies makes the rules
 */
public record TableParts(BackendPool backends, AddressBook addresses, PolicyCompiler policies) {

    public TableParts {
        requireNonNull(backends, "backends");
        requireNonNull(addresses, "addresses");
        requireNonNull(policies, "policies");
    }

    /** Without rules, and without names that stand for several addresses. */
    public static TableParts of(BackendPool backends) {
        return new TableParts(backends, AddressBook.EMPTY, PolicyCompiler.NONE);
    }
}
