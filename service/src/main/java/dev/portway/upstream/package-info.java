/**
 * Which backend serves a request: backends and what is known of them, and the strategies that choose among a route's
 * targets. Imports {@code config} alone; no Jetty, no JAX-RS.
 */
@NullMarked
package dev.portway.upstream;

import org.jspecify.annotations.NullMarked;
