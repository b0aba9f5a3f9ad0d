package dev.portway.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of the admin API, and how its answer is read. Immutable.
 *
 * @param method of HTTP
 * @param path with the query, below the address of the admin API
 * @param headers beside those that every request has
 * @param body JSON; null for none
 * @param reader of a successful answer
 */
record Call<T>(
        String method,
        String path,
        Map<String, String> headers,
        @Nullable String body,
        Reader<T> reader) {

    /** Makes a value of an answer. */
    interface Reader<T> {
        T read(Answer answer) throws IOException;
    }

    static <T> Call<T> get(String path, Reader<T> reader) {
        return new Call<>("GET", path, Map.of(), null, reader);
    }

    static <T> Call<List<T>> list(String path, Class<T> element) {
        return get(path, answer -> answer.list(element));
    }

    static <T> Call<T> post(String path, @Nullable String body, Reader<T> reader) {
        return new Call<>("POST", path, Map.of(), body, reader);
    }

    static <T> Call<T> put(String path, String body, Reader<T> reader) {
        return new Call<>("PUT", path, Map.of(), body, reader);
    }

    static <T> Call<T> patch(String path, String body, Reader<T> reader) {
        return new Call<>("PATCH", path, Map.of(), body, reader);
    }

    @SuppressWarnings("NullAway") // null is all that a Void can be
    static Call<Void> delete(String path) {
        return new Call<>("DELETE", path, Map.of(), null, answer -> null);
    }

    /** The same with one more header. */
    Call<T> with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call<>(method, path, more, body, reader);
    }

    /**
     * The same only if what it is about is still what it was.
     *
     * @throws IllegalArgumentException if that is no entity tag
     */
    Call<T> ifMatch(String etag) {
        if (!etag.matches("(W/)?\"[\\x21\\x23-\\x7E]*\"")) {
            throw new IllegalArgumentException("etag: " + etag + " (expected: that of a Tagged, its quotes included)");
        }
        return with("If-Match", etag);
    }

    /** The request in a few words, for people; without its query. */
    String words() {
        int query = path.indexOf('?');
        return method + " " + (query < 0 ? path : path.substring(0, query));
    }

    /**
     * A path of a folder and the id of something in it.
     *
     * @throws InvalidException if nothing can have that id
     */
    static String path(String folder, String id) {
        if (id.isEmpty() || id.equals(".") || id.equals("..")) {
            throw new InvalidException(
                    "\"" + id + "\" is no id (expected: one that " + folder.substring(1) + " have).", 0, null);
        }
        return folder + "/" + encoded(id);
    }

    /** {@code text} as it stands in a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
