package dev.portway.exchange;

import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Decides which trailer fields go further: none that frames, routes or authenticates (RFC 9110, section 6.5.1). */
public final class TrailerFields {

    private TrailerFields() {}

    /**
     * Those of {@code trailers} that may follow a body to its next reader.
     *
     * @param refused fields that must not for another reason
     * @return null if there are none
     */
    public static @Nullable HttpFields endToEnd(@Nullable HttpFields trailers, Predicate<HttpField> refused) {
        if (trailers == null) {
            return null;
        }
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : trailers) {
            if (!belongsInTheHead(field.getHeader()) && !refused.test(field)) {
                kept.add(field);
            }
        }
        return kept.size() == 0 ? null : kept;
    }

    private static boolean belongsInTheHead(@Nullable HttpHeader header) {
        if (header == null) {
            return false;
        }
        return switch (header) {
            case HOST,
                    CONTENT_LENGTH,
                    CONTENT_TYPE,
                    CONTENT_ENCODING,
                    CONTENT_RANGE,
                    TRANSFER_ENCODING,
                    TRAILER,
                    TE,
                    CONNECTION,
                    KEEP_ALIVE,
                    PROXY_CONNECTION,
                    UPGRADE,
                    EXPECT,
                    COOKIE,
                    SET_COOKIE,
                    AUTHORIZATION,
                    PROXY_AUTHORIZATION,
                    PROXY_AUTHENTICATE,
                    WWW_AUTHENTICATE -> true;
            default -> false;
        };
    }
}
