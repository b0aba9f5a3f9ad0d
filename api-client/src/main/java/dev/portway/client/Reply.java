package dev.portway.client;

/**
 * What an admin listener answered, or another program in its place. Immutable.
 *
 * @param status of HTTP
 * @param type what {@code Content-Type} says; {@code ""} for none
 * @param location what {@code Location} says; {@code ""} for none
 * @param etag in quotes; {@code ""} for none
 * @param body all of it
 */
record Reply(int status, String type, String location, String etag, String body) {

    boolean successful() {
        return status / 100 == 2;
    }
}
