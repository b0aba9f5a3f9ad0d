/**
 * The REST face on the admin listener: the guard before all of it, thin JAX-RS resources, the answers to errors, and the
 * health page. Decides nothing about routes; imports neither {@code server} nor {@code cli}.
 */
@NullMarked
package dev.portway.admin;

import org.jspecify.annotations.NullMarked;
