package dev.portway.observe;

import dev.portway.exchange.ProxyError;
import java.util.Locale;

/** What a {@link ProxyError} is called in logs and metrics: {@code connection_refused}. */
final class ErrorNames {

    private static final String[] NAMES = names();

    private ErrorNames() {}

    static String of(ProxyError error) {
        return NAMES[error.ordinal()];
    }

    private static String[] names() {
        ProxyError[] errors = ProxyError.values();
        String[] names = new String[errors.length];
        for (ProxyError error : errors) {
            names[error.ordinal()] = error.name().toLowerCase(Locale.ROOT);
        }
        return names;
    }
}
