/**
 * Which route a request takes: the matcher, the immutable table, the registry that is the table's only writer, and the
 * explanation of a match. Imports {@code config} and {@code upstream}; no Jetty, no JAX-RS.
 */
@NullMarked
package dev.portway.routing;

import org.jspecify.annotations.NullMarked;
