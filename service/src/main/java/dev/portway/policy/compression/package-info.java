/**
 * In which coding a response is sent whose backend sent it plain. Changes nothing else of it; imports neither
 * {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy.compression;

import org.jspecify.annotations.NullMarked;
