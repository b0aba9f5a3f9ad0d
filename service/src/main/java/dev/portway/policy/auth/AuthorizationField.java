package dev.portway.policy.auth;

import java.util.Iterator;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** {@code Authorization} (RFC 9110, section 11.6.2), which must be there once: who reads the first, who the last, nobody knows. */
final class AuthorizationField {

    static final String SEVERAL = "there are several Authorization fields";

    private AuthorizationField() {}

    /** Whether one of them is of {@code scheme}. */
    static boolean uses(HttpFields fields, String scheme) {
        for (HttpField field : fields) {
            if (isOf(field, scheme)) {
                return true;
            }
        }
        return false;
    }

    /** What follows {@code scheme}, which the first of them is of; null where there are several. */
    static @Nullable String credentials(HttpFields fields, String scheme) {
        HttpField only = null;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.AUTHORIZATION) {
                if (only != null) {
                    return null;
                }
                only = field;
            }
        }
        return only == null ? null : only.getValue().substring(scheme.length()).strip();
    }

    /** Takes out those of {@code scheme}. */
    static void remove(HttpFields.Mutable fields, String scheme) {
        for (Iterator<HttpField> each = fields.iterator(); each.hasNext(); ) {
            if (isOf(each.next(), scheme)) {
                each.remove();
            }
        }
    }

    private static boolean isOf(HttpField field, String scheme) {
        String value = field.getHeader() == HttpHeader.AUTHORIZATION ? field.getValue() : null;
        return value != null
                && value.regionMatches(true, 0, scheme, 0, scheme.length())
                && (value.length() == scheme.length() || value.charAt(scheme.length()) == ' ');
    }
}
