/**
 * What the fields of a request and its response say on the way. Changes nothing else of them; imports neither
 * {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy.headers;

import org.jspecify.annotations.NullMarked;
