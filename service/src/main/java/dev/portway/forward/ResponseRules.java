package dev.portway.forward;

import dev.portway.transport.BackendResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.jspecify.annotations.Nullable;

/** What the head of a response may not say although Jetty, at its strictest, lets it through. */
final class ResponseRules {

    private ResponseRules() {}

    /** What is wrong with the head of {@code response}; null if nothing is. */
    static @Nullable String fault(BackendResponse response) {
        if (response.status() < 100) {
            return "its status has fewer than three digits";
        }
        boolean coded = false;
        for (HttpField field : response.fields()) {
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                if (coded || !HttpHeaderValue.CHUNKED.is(field.getValue())) {
                    // Only chunked is undone here, and no coding may be passed on.
                    return "its transfer coding is not chunked alone";
                }
                coded = true;
            }
        }
        return null;
    }
}
