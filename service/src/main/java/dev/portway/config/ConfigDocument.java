package dev.portway.config;

/**
 * A configuration file's text and what was read from it. Immutable.
 *
 * @param text byte for byte as the file has it
 * @param format its language
 * @param read what the text says
 */
public record ConfigDocument(String text, ConfigFormat format, ReadResult read) {}
