package dev.portway.forward;

import dev.portway.transport.BackendResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** What the head of a response may not say although Jetty, at its strictest, lets it through, or because it is no answer to what was
 * asked. */
final class ResponseRules {

    private ResponseRules() {}

    /**
     * What is wrong with the head of {@code response}, or with a 101; null if nothing is.
     *
     * @param upgrade that was asked for; null for none
     */
    static @Nullable String fault(BackendResponse response, @Nullable Upgrade upgrade) {
        if (response.status() == HttpStatus.SWITCHING_PROTOCOLS_101) {
            return upgrade == null ? "it switched protocols unasked" : upgrade.fault(response);
        }
        String fault = malformed(response);
        return fault == null && upgrade != null ? upgrade.misleading(response) : fault;
    }

    private static @Nullable String malformed(BackendResponse response) {
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
