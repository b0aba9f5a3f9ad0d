package dev.portway.policy.filter;

import dev.portway.config.MediaRange;
import dev.portway.exchange.HopByHop;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Compares what messages say of their bodies with what a route lets through. */
final class MediaTypes {

    private MediaTypes() {}

    /**
     * Whether {@code fields} name a type, and none but those of {@code ranges}: a reader may believe the first or the last. One
     * that {@code Connection} names goes no further, so it is none.
     */
    static boolean allowed(HttpFields fields, List<MediaRange> ranges) {
        HopByHop hop = HopByHop.of(fields);
        boolean named = false;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.CONTENT_TYPE && !hop.covers(field)) {
                named = true;
                if (!covered(field.getValue(), ranges)) {
                    return false;
                }
            }
        }
        return named;
    }

    private static boolean covered(String type, List<MediaRange> ranges) {
        for (MediaRange range : ranges) {
            if (range.covers(type)) {
                return true;
            }
        }
        return false;
    }
}
