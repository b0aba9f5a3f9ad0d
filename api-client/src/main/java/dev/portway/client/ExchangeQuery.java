package dev.portway.client;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which of the requests that the proxy has answered are wanted. Immutable.
 *
 * @param after the {@code next} of an earlier answer; null for the last that there are
 * @param limit how many at most, 1 to 1024
 * @param route only those that took the route of this id; null for all
 * @param status only those answered with it: {@code 5xx}, {@code 404} or {@code 400-499}; null for all
 */
public record ExchangeQuery(
        @Nullable Long after,
        int limit,
        @Nullable String route,
        @Nullable String status) {

    /** The last that there are, of any route and status. */
    public static ExchangeQuery last(int limit) {
        return new ExchangeQuery(null, limit, null, null);
    }

    /** The same, of one route. */
    public ExchangeQuery ofRoute(@Nullable String id) {
        return new ExchangeQuery(after, limit, id, status);
    }

    /** The same, with such a status. */
    public ExchangeQuery withStatus(@Nullable String wanted) {
        return new ExchangeQuery(after, limit, route, wanted);
    }

    /** As many as there can be from where an earlier answer ended. */
    public ExchangeQuery goingOn(long next) {
        return new ExchangeQuery(next, 1_024, route, status);
    }

    String path() {
        StringJoiner query = new StringJoiner("&", "/exchanges?", "");
        query.add("limit=" + limit);
        if (after != null) {
            query.add("after=" + after);
        }
        if (route != null) {
            query.add("route=" + Call.encoded(route));
        }
        if (status != null) {
            query.add("status=" + Call.encoded(status));
        }
        return query.toString();
    }
}
