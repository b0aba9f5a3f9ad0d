package dev.portway.routing;

/** The two forms of a request's path: the one that is matched and the one that is forwarded. */
public final class RequestPath {

    private RequestPath() {}

    /**
     * The form that routes and policies see: dot segments resolved (also when written {@code %2e}), unreserved
     * characters decoded, other escapes in upper case, an encoded slash left encoded (RFC 3986, section 6.2.2).
     *
     * @param raw as in the request line, without the query
     * @throws IllegalArgumentException if it does not begin with a slash or has a broken escape
     */
    public static String normalize(String raw) {
        return raw;
    }

    /**
     * The form that is forwarded: dot segments resolved, every other byte as the client sent it.
     *
     * @param raw as in the request line, without the query
     * @throws IllegalArgumentException as for {@link #normalize}
     */
    public static String resolveDots(String raw) {
        return raw;
    }
}
