package dev.portway.policy.filter;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** How much header fields are, as HTTP/1.1 writes them. */
final class HeaderBytes {

    private HeaderBytes() {}

    static int of(HttpFields fields) {
        int bytes = 0;
        for (HttpField field : fields) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length()) + ": \r\n".length();
        }
        return bytes;
    }
}
