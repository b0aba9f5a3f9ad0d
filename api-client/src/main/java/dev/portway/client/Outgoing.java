package dev.portway.client;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is sent. Immutable.
 *
 * @param method of HTTP
 * @param uri absolute
 * @param headers by name
 * @param body null for none
 */
record Outgoing(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable String body) {}
