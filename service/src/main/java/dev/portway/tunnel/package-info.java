/**
 * Byte tunnels: what becomes of a connection that no longer speaks HTTP, and which of them are open. Imports neither
 * {@code forward} nor what stands below it; decides nothing about HTTP exchanges.
 */
@NullMarked
package dev.portway.tunnel;

import org.jspecify.annotations.NullMarked;
