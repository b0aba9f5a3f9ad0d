/**
 * Steers a running proxy from Java: a typed client of the admin API. Decides how requests are made, bounded and retried, and
 * what a failure is called; imports the JDK, Jackson and {@code dev.portway.api} only.
 */
@NullMarked
package dev.portway.client;

import org.jspecify.annotations.NullMarked;
