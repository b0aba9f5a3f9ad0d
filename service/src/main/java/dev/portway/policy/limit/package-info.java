/**
 * How much may pass: requests in a time, and requests at a time. Decides by counting, never waits, and imports neither
 * {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy.limit;

import org.jspecify.annotations.NullMarked;
