package dev.portway.config;

/** Makes a value of what stands at a place in the file. */
@FunctionalInterface
interface ValueReader<T> {

    /**
     * Reads the value. Problems further down are reported at their own places and a default stands in for what they
     * concern; only what is wrong with the value as a whole is thrown.
     */
    T read(Cursor at) throws InvalidValueException;
}
