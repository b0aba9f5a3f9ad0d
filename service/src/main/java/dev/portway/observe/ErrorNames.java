package dev.portway.observe;

import static java.util.Objects.requireNonNull;

import dev.portway.exchange.ProxyError;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What a {@link ProxyError} is called in logs and metrics: {@code connection_refused}. */
public final class ErrorNames {

    private static final Map<ProxyError, String> NAMES = new EnumMap<>(ProxyError.class);

    static {
        for (ProxyError error : ProxyError.values()) {
            NAMES.put(error, error.name().toLowerCase(Locale.ROOT));
        }
    }

    private ErrorNames() {}

    public static String of(ProxyError error) {
        return requireNonNull(NAMES.get(error));
    }
}
