/**
 * Which pages of other origins may use a route. Answers preflights and says so on every response; imports neither
 * {@code tunnel} nor {@code forward}.
 */
@NullMarked
package dev.portway.policy.cors;

import org.jspecify.annotations.NullMarked;
