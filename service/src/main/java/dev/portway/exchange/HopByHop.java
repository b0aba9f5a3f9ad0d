package dev.portway.exchange;

import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The fields that concern one connection only and go no further (RFC 9110, section 7.6.1): the known ones, and those
 * that the message's own {@code Connection} names. Confined: one for each message.
 */
public final class HopByHop {

    private static final HopByHop NAMING_NONE = new HopByHop(new String[0]);

    private final String[] named;

    private HopByHop(String[] named) {
        this.named = named;
    }

    /** What {@code Connection} and its relatives in {@code headers} say. */
    public static HopByHop of(HttpFields headers) {
        HttpField only = headers.getField(HttpHeader.CONNECTION);
        if (only == null || namesNone(headers, only)) {
            return NAMING_NONE;
        }
        // Every Connection line counts, empty members too (behaviour 12).
        return new HopByHop(Listed.in(headers, HttpHeader.CONNECTION).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toArray(String[]::new));
    }

    /** What nearly all say, told without taking it apart. */
    private static boolean namesNone(HttpFields headers, HttpField first) {
        boolean usual = "keep-alive".equalsIgnoreCase(first.getValue()) || "close".equalsIgnoreCase(first.getValue());
        if (!usual) {
            return false;
        }
        int fields = 0;
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.CONNECTION) {
                fields++;
            }
        }
        return fields == 1;
    }

    /** Adds to {@code to} what of a response's fields goes further. */
    public static void copyEndToEnd(HttpFields from, HttpFields.Mutable to) {
        HopByHop hop = of(from);
        for (HttpField field : from) {
            if (!hop.covers(field)) {
                to.add(field);
            }
        }
    }

    /** Whether {@code field} stays on its connection. */
    public boolean covers(HttpField field) {
        HttpHeader header = field.getHeader();
        if (header != null && known(header)) {
            return true;
        }
        for (String name : named) {
            if (name.equals(field.getLowerCaseName()) && header != HttpHeader.HOST) {
                return true;
            }
        }
        return false;
    }

    private static boolean known(HttpHeader header) {
        return switch (header) {
            case CONNECTION,
                    KEEP_ALIVE,
                    PROXY_AUTHENTICATE,
                    PROXY_AUTHORIZATION,
                    PROXY_CONNECTION,
                    TE,
                    TRANSFER_ENCODING,
                    UPGRADE -> true;
            default -> false;
        };
    }
}
