package dev.portway.client;

import java.io.IOException;
import java.util.List;

/**
 * A successful answer, not yet read. Immutable.
 *
 * @param status of HTTP, 200 to 299
 * @param etag in quotes; {@code ""} for none
 * @param body JSON
 */
record Answer(int status, String etag, String body) {

    <T> T as(Class<T> type) throws IOException {
        return Json.read(body, type);
    }

    <T> List<T> list(Class<T> element) throws IOException {
        return Json.list(body, element);
    }
}
