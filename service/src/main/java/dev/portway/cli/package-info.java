/**
 * The commands a person types: what they accept, print and answer as an exit status, and the demo. Starts the proxy
 * only through {@link dev.portway.cli.ProxyStarter}, so that nothing here knows how it is wired.
 */
@NullMarked
package dev.portway.cli;

import org.jspecify.annotations.NullMarked;
