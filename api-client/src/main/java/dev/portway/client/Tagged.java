package dev.portway.client;

import static java.util.Objects.requireNonNull;

/**
 * Something as it was when it was read, and the entity tag by which a write can say "only if it still is". Immutable.
 *
 * @param value what was read
 * @param etag its entity tag (RFC 9110), in quotes; {@code ""} where the server gave none
 */
public record Tagged<T>(T value, String etag) {

    /**
     * A value with its tag.
     *
     * @throws NullPointerException if one of them is null
     */
    public Tagged {
        requireNonNull(value, "value");
        requireNonNull(etag, "etag");
    }
}
