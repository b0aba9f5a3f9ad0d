package dev.portway.client;

import dev.portway.api.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A successful answer, not yet read. Immutable.
 *
 * @param status of HTTP, 200 to 299
 * @param etag in quotes; {@code ""} for none
 * @param body JSON
 */
record Answer(int status, String etag, String body) {

    Route route() throws IOException {
        return new Route(JsonTree.object(body));
    }

    List<Route> routes() throws IOException {
        return JsonTree.objects(body).stream().map(Route::new).toList();
    }

    Map<String, @Nullable Object> object() throws IOException {
        return JsonTree.object(body);
    }

    <T> T as(Class<T> type) throws IOException {
        return Json.read(body, type);
    }

    <T> List<T> list(Class<T> element) throws IOException {
        return Json.list(body, element);
    }
}
