/**
 * How the two planes are mounted into Dropwizard: the server factory, the chain of handlers on the proxy's listeners, the
 * threads of the admin side. Imports all that stands below it; decides nothing about a single request but its route.
 */
@NullMarked
package dev.portway.server;

import org.jspecify.annotations.NullMarked;
