package dev.portway.exchange;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The members of a field that is a list of tokens or addresses, in which a quotation mark means nothing (RFC 9110, section
 * 5.6.1): parted at every comma, so that a stray quote neither hides what stands behind it nor fails the request.
 */
public final class Listed {

    private Listed() {}

    /** The members of all lines of a field, in order, without blanks around them; empty members are left out. */
    public static List<String> in(HttpFields headers, HttpHeader name) {
        List<String> members = new ArrayList<>();
        for (HttpField field : headers) {
            String value = field.getHeader() == name ? field.getValue() : null;
            for (int from = 0; value != null && from <= value.length(); ) {
                int comma = value.indexOf(',', from);
                int to = comma < 0 ? value.length() : comma;
                String member = value.substring(from, to).strip();
                if (!member.isEmpty()) {
                    members.add(member);
                }
                from = to + 1;
            }
        }
        return members;
    }
}
