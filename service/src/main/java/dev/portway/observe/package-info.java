/**
 * What is recorded of traffic: metrics, their Prometheus text, the access log and the service log. Imports {@code
 * exchange} and what it stands on; never a handler, and nothing here makes a request wait.
 */
@NullMarked
package dev.portway.observe;

import org.jspecify.annotations.NullMarked;
