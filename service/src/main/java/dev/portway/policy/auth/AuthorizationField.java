package dev.portway.policy.auth;

import dev.portway.exchange.ProxyExchange;
import java.util.Iterator;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * {@code Authorization} (RFC 9110, section 11.6.2), or to a forward proxy {@code Proxy-Authorization} (section 11.7.2), which
 * must be there once: who reads the first, who the last, nobody knows.
 */
final class AuthorizationField {

    private static final String SEVERAL = "there are several Authorization fields";
    private static final String SEVERAL_TO_PROXY = "there are several Proxy-Authorization fields";

    private AuthorizationField() {}

    /** The one that is for this proxy: what a client says to another host by {@code Authorization} is for that. */
    static HttpHeader name(ProxyExchange exchange) {
        return exchange.outbound() ? HttpHeader.PROXY_AUTHORIZATION : HttpHeader.AUTHORIZATION;
    }

    /** What is wrong where there are several. */
    static String several(ProxyExchange exchange) {
        return exchange.outbound() ? SEVERAL_TO_PROXY : SEVERAL;
    }

    /** Whether one of them is of {@code scheme}. */
    static boolean uses(ProxyExchange exchange, String scheme) {
        HttpHeader name = name(exchange);
        for (HttpField field : exchange.getHeaders()) {
            if (isOf(field, name, scheme)) {
                return true;
            }
        }
        return false;
    }

    /** What follows {@code scheme}, which the first of them is of; null where there are several. */
    static @Nullable String credentials(ProxyExchange exchange, String scheme) {
        HttpHeader name = name(exchange);
        HttpField only = null;
        for (HttpField field : exchange.getHeaders()) {
            if (field.getHeader() == name) {
                if (only != null) {
                    return null;
                }
                only = field;
            }
        }
        return only == null ? null : only.getValue().substring(scheme.length()).strip();
    }

    /** Takes out each {@code Authorization} of {@code scheme}. */
    static void remove(HttpFields.Mutable fields, String scheme) {
        for (Iterator<HttpField> each = fields.iterator(); each.hasNext(); ) {
            if (isOf(each.next(), HttpHeader.AUTHORIZATION, scheme)) {
                each.remove();
            }
        }
    }

    private static boolean isOf(HttpField field, HttpHeader name, String scheme) {
        String value = field.getHeader() == name ? field.getValue() : null;
        return value != null
                && value.regionMatches(true, 0, scheme, 0, scheme.length())
                && (value.length() == scheme.length() || value.charAt(scheme.length()) == ' ');
    }
}
