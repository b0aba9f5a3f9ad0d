package dev.portway.policy.compression;

import static java.util.Objects.requireNonNull;

import dev.portway.config.CompressionConfig.Coding;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.Vary;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Decides with the first write, when the head is as it will be sent, whether the body is compressed, and sends each piece
 * on as it comes. Confined to the loop of its exchange, but for the end of that.
 */
final class CompressedResponse extends Response.Wrapper {

    private final ProxyExchange exchange;
    private final CompressionPolicy policy;
    private boolean decided;
    private @Nullable Encoder encoder; // null where the body passes as it is

    CompressedResponse(ProxyExchange exchange, Response response, CompressionPolicy policy) {
        super(exchange, response);
        this.exchange = requireNonNull(exchange, "exchange");
        this.policy = requireNonNull(policy, "policy");
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (!decided) {
            decided = true;
            decide(last, content);
        }
        if (encoder == null || (!last && BufferUtil.isEmpty(content))) {
            super.write(last, content, callback);
            return;
        }
        ByteBuffer coded;
        try {
            coded = encoder.encode(content == null ? BufferUtil.EMPTY_BUFFER : content, last);
        } catch (RuntimeException e) {
            callback.failed(e);
            return;
        }
        if (last) {
            encoder.release();
        }
        super.write(last, coded, callback);
    }

    /** What comes now is another response. */
    @Override
    public void reset() {
        super.reset();
        decided = false;
        if (encoder != null) {
            encoder.release();
            encoder = null;
        }
    }

    private void decide(boolean last, ByteBuffer content) {
        HttpFields.Mutable fields = getHeaders();
        long length = fields.getLongField(HttpHeader.CONTENT_LENGTH);
        if (!policy.covers(this, length < 0 && last ? BufferUtil.length(content) : length)) {
            if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
                Vary.add(fields, HttpHeader.ACCEPT_ENCODING.asString()); // as the response it stands for
            }
            return;
        }
        Vary.add(fields, HttpHeader.ACCEPT_ENCODING.asString());
        Coding coding = policy.coding(exchange);
        Encoder lent = coding == null ? null : policy.lend(coding);
        if (coding == null || lent == null) {
            return;
        }
        encoder = lent;
        // However it ends: the client may leave, or the backend break off.
        Request.addCompletionListener(exchange, failure -> lent.release());
        fields.put(HttpHeader.CONTENT_ENCODING, coding.written());
        fields.remove(HttpHeader.CONTENT_LENGTH);
        fields.remove(HttpHeader.ACCEPT_RANGES); // those would be of the plain bytes
        String tag = fields.get(HttpHeader.ETAG);
        if (tag != null && !tag.startsWith("W/")) {
            fields.put(HttpHeader.ETAG, "W/" + tag); // RFC 9110, section 8.8.1
        }
    }
}
