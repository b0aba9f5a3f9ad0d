/**
 * Who may use the proxy: passwords and how they are checked. Imports neither {@code tunnel} nor {@code forward}; decides
 * nothing about what a request may do once it is let in.
 */
@NullMarked
package dev.portway.policy.auth;

import org.jspecify.annotations.NullMarked;
