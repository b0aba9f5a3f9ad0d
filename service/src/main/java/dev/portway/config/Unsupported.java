package dev.portway.config;

import java.util.Set;

/**
 * What the documentation of the file names and this version does not do yet: refused, never ignored, so that nobody
 * relies on a rule that is not enforced. Whoever builds one takes it off here.
 */
final class Unsupported {

    static final String MESSAGE = "is not supported by this version";

    static final Set<String> ROUTE_KEYS = Set.of("cache");

    private Unsupported() {}
}
