/**
 * Whether a backend is well: checks by HTTP and TCP, and what traffic tells. Imports {@code config}, {@code upstream} and
 * {@code routing}; dials by itself, not by the proxy's transport.
 */
@NullMarked
package dev.portway.health;

import org.jspecify.annotations.NullMarked;
