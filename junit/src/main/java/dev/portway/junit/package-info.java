/**
 * A proxy in JUnit 5 tests. Decides how long a route lives and who sees its exchanges; imports the proxy's public face and
 * the client of its admin API alone.
 */
@NullMarked
package dev.portway.junit;

import org.jspecify.annotations.NullMarked;
