package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parameter of a query as forms have them, whose name may be escaped in any way. Immutable. */
record QueryParameter(String name) {

    /** Its values in {@code query}, decoded; one that cannot be is left as it is. */
    List<String> valuesIn(@Nullable String query) {
        List<String> values = new ArrayList<>(1);
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (isNameOf(pair, equals)) {
                    values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /** The query without it, all else as it was; null where nothing is left. */
    @Nullable
    String without(@Nullable String query) {
        if (valuesIn(query).isEmpty() || query == null) {
            return query;
        }
        List<String> kept = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            if (!isNameOf(pair, pair.indexOf('='))) {
                kept.add(pair);
            }
        }
        return kept.isEmpty() ? null : String.join("&", kept);
    }

    private boolean isNameOf(String pair, int equals) {
        String raw = equals < 0 ? pair : pair.substring(0, equals);
        return raw.equals(name) || decoded(raw).equals(name);
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
