/**
 * One HTTP exchange forwarded: the attempt at a backend, the way back of its response, and what is told when it fails.
 * Imports all that stands below it; decides neither routes nor policies.
 */
@NullMarked
package dev.portway.forward;

import org.jspecify.annotations.NullMarked;
