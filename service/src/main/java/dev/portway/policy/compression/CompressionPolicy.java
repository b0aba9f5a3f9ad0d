package dev.portway.policy.compression;

import dev.portway.config.CompressionConfig;
import dev.portway.config.CompressionConfig.Coding;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Compresses what was sent plain, where type and length are worth it and the client takes it. Thread-safe. */
final class CompressionPolicy implements Policy {

    private static final List<HttpHeader> TIED_TO_BYTES =
            List.of(HttpHeader.CONTENT_ENCODING, HttpHeader.CONTENT_RANGE, HttpHeader.CONTENT_MD5);
    private static final List<String> DIGESTS = List.of("Content-Digest", "Digest");

    private final CompressionConfig rule;
    private final List<Coding> codings;
    private final Encoders encoders;

    /** A rule.
     *
     * @param codings of the rule that can be made here */
    CompressionPolicy(CompressionConfig rule, List<Coding> codings, Encoders encoders) {
        this.rule = rule;
        this.codings = codings;
        this.encoders = encoders;
    }

    @Override
    public void apply(PolicyWalk walk) {
        walk.wrap(new CompressedResponse(walk.exchange(), walk.response(), this));
        walk.proceed();
    }

    /**
     * Whether a response would be compressed for a client that takes it.
     *
     * @param length of its body; -1 where nobody knows
     */
    boolean covers(Response response, long length) {
        int status = response.getStatus();
        HttpFields fields = response.getHeaders();
        boolean bodiless = status < 200
                || status == HttpStatus.NO_CONTENT_204
                || status == HttpStatus.RESET_CONTENT_205
                || status == HttpStatus.PARTIAL_CONTENT_206
                || status == HttpStatus.NOT_MODIFIED_304;
        return !bodiless
                && (length < 0 || length >= rule.minBytes())
                && coversType(fields.get(HttpHeader.CONTENT_TYPE))
                && TIED_TO_BYTES.stream().noneMatch(fields::contains)
                && DIGESTS.stream().noneMatch(fields::contains)
                && !fields.contains(HttpHeader.CACHE_CONTROL, "no-transform");
    }

    /** The coding for a client; null for none. */
    @Nullable
    Coding coding(ProxyExchange exchange) {
        HttpFields headers = exchange.getHeaders();
        return HttpMethod.HEAD.is(exchange.getMethod()) || headers.contains(HttpHeader.CACHE_CONTROL, "no-transform")
                ? null
                : AcceptedCodings.best(headers, codings);
    }

    @Nullable
    Encoder lend(Coding coding) {
        return encoders.lend(coding);
    }

    /** An event stream is left alone: its client waits for each event, and its pieces are too small to gain. */
    private boolean coversType(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return !type.equals("text/event-stream") && rule.types().stream().anyMatch(pattern -> matches(pattern, type));
    }

    private static boolean matches(String pattern, String type) {
        int star = pattern.indexOf('*');
        return star < 0
                ? pattern.equals(type)
                : type.length() >= pattern.length()
                        && type.startsWith(pattern.substring(0, star))
                        && type.endsWith(pattern.substring(star + 1));
    }
}
