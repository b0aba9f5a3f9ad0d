package dev.portway.health;

import static java.util.Objects.requireNonNull;

/**
 * What one check found. Immutable.
 *
 * @param reason for people
 */
record CheckResult(Kind kind, String reason) {

    CheckResult {
        requireNonNull(kind, "kind");
        requireNonNull(reason, "reason");
    }

    static CheckResult good(String reason) {
        return new CheckResult(Kind.GOOD, reason);
    }

    static CheckResult bad(String reason) {
        return new CheckResult(Kind.BAD, reason);
    }

    static CheckResult unsure(String reason) {
        return new CheckResult(Kind.UNSURE, reason);
    }

    /** What it says of the backend. */
    enum Kind {
        GOOD,
        BAD,
        /** Nothing: what was known before stands. */
        UNSURE
    }
}
