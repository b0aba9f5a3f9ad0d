/**
 * What becomes of a request on its way, and of what its response says about where it came from; and routes that answer
 * by themselves. Imports neither {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy.transform;

import org.jspecify.annotations.NullMarked;
