/**
 * What is recorded of traffic: metrics, the access log and the service log. Imports {@code exchange} and what it stands on; never a handler.
 */
@NullMarked
package dev.portway.observe;

import org.jspecify.annotations.NullMarked;
