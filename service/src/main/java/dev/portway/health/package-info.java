/**
 * Whether a backend is well: probes by HTTP and TCP, and what traffic tells. Imports {@code config}, {@code upstream} and {@code routing}; not the proxy's own transport.
 */
@NullMarked
package dev.portway.health;

import org.jspecify.annotations.NullMarked;
