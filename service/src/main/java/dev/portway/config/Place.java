package dev.portway.config;

/**
 * Where a value stands in a text, lines and columns from 1. Immutable.
 *
 * @param keyLine of its key; its own for an item of a list
 */
record Place(int keyLine, int keyColumn, int line, int column) {}
