/**
 * What every handler shares about one request: the exchange, the errors the proxy makes, the responder that writes them,
 * and header hygiene. Imports {@code config}, {@code upstream}, {@code routing} and Jetty; decides nothing about routes.
 */
@NullMarked
package dev.portway.exchange;

import org.jspecify.annotations.NullMarked;
