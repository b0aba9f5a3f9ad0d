package dev.portway.exchange;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What every exchange asks of header fields, without the iterator that Jetty makes for each such question. */
public final class Fields {

    private Fields() {}

    /** As {@link HttpFields#contains(HttpHeader)}. */
    public static boolean contain(HttpFields fields, HttpHeader name) {
        return fields.getField(name) != null;
    }

    /** As {@link HttpFields#contains(HttpHeader, String)}: whether a list of that name, mostly not there, has such a value. */
    public static boolean contain(HttpFields fields, HttpHeader name, String value) {
        return contain(fields, name) && fields.contains(name, value);
    }
}
