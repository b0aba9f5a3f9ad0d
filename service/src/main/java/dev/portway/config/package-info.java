/**
 * What a configuration file may say: the records, reading JSON, YAML and TOML, validation that reports every problem
 * with its JSON pointer, and editing the file in place. Imports no other package of the service, no Jetty, no JAX-RS.
 */
@NullMarked
package dev.portway.config;

import org.jspecify.annotations.NullMarked;
