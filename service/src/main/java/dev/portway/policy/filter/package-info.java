/**
 * What a request and its response may be. Decides by what the request says alone, and imports neither {@code tunnel} nor
 * {@code forward}.
 */
@NullMarked
package dev.portway.policy.filter;

import org.jspecify.annotations.NullMarked;
