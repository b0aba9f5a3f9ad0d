package dev.portway.transport;

import dev.portway.upstream.Backend;

/** What tells the destinations of requests apart: at least the backend, whose address, protocol and trust they have. */
interface BackendTag {

    Backend backend();
}
