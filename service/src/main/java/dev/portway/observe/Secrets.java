package dev.portway.observe;

import org.jspecify.annotations.Nullable;

/** Keeps what may be secret out of the log. */
final class Secrets {

    private Secrets() {}

    /** A URL up to its query, where tokens travel. */
    static @Nullable String withoutQuery(@Nullable String url) {
        if (url == null) {
            return null;
        }
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
