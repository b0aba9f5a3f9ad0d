package dev.portway.policy.headers;

import dev.portway.exchange.ProxyExchange;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What browsers are told so that they are careful with a response, where nobody has told them otherwise. */
final class SecurityHeaders {

    private static final HttpField[] ALWAYS = {
        new HttpField("X-Content-Type-Options", "nosniff"),
        new HttpField("X-Frame-Options", "SAMEORIGIN"),
        new HttpField("Referrer-Policy", "strict-origin-when-cross-origin"),
        new HttpField("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
        new HttpField("Cross-Origin-Resource-Policy", "same-site"),
        new HttpField("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    };

    /** A browser heeds it over https alone, and would lock a plain http://localhost out for a year. */
    private static final HttpField HTTPS_ONLY = new HttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000");

    private SecurityHeaders() {}

    static void apply(ProxyExchange exchange, HttpFields.Mutable fields) {
        for (HttpField field : ALWAYS) {
            addIfAbsent(fields, field);
        }
        if (exchange.client().scheme().equals("https")) {
            addIfAbsent(fields, HTTPS_ONLY);
        }
    }

    private static void addIfAbsent(HttpFields.Mutable fields, HttpField field) {
        if (!fields.contains(field.getName())) {
            fields.add(field);
        }
    }
}
