package dev.portway.exchange;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Of which fields of a request a response would be other (RFC 9110, section 12.5.5). */
public final class Vary {

    private Vary() {}

    /** Has {@code headers} name {@code field} as well, once. */
    public static void add(HttpFields.Mutable headers, String field) {
        if (!headers.contains(HttpHeader.VARY, "*") && !headers.contains(HttpHeader.VARY, field)) {
            headers.ensureField(new HttpField(HttpHeader.VARY, field));
        }
    }
}
