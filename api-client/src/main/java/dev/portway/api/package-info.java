/**
 * What goes over the wire of the admin API: one record per JSON object, shared by the service and its clients so that
 * the two cannot drift. Imports the JDK and Jackson's annotations only.
 */
@NullMarked
package dev.portway.api;

import org.jspecify.annotations.NullMarked;
