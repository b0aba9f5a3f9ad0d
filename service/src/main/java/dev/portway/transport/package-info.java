/**
 * How bytes move: listeners and the connections clients open to them, the client that opens connections to backends,
 * name resolution, time limits. Imports Jetty, {@code config} and {@code upstream}; knows no routes and no policies.
 */
@NullMarked
package dev.portway.transport;

import org.jspecify.annotations.NullMarked;
