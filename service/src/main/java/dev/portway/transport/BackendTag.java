package dev.portway.transport;

import dev.portway.config.TargetUrl;
import dev.portway.upstream.Backend;

/** What tells the destinations of requests apart: at least the backend, whose address, protocol and trust they have. */
interface BackendTag {

    Backend backend();

    /** Where its connections go. */
    default TargetUrl url() {
        return backend().identity().url();
    }
}
