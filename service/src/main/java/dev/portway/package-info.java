/**
 * Where everything is wired together, by hand: the application and its configuration. Imports every package below it;
 * no package imports it.
 */
@NullMarked
package dev.portway;

import org.jspecify.annotations.NullMarked;
