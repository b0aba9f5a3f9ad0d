package dev.portway.config;

import org.jspecify.annotations.Nullable;

/**
 * What is changed in the fields of every route's messages; the {@code headers} of {@code security}. Immutable.
 *
 * @param request null for nothing
 * @param response null for nothing
 * @param securityHeaders whether browsers are told to be careful with responses
 */
record HeadersConfig(
        @Nullable HeaderEditsConfig request, @Nullable HeaderEditsConfig response, boolean securityHeaders) {

    static final HeadersConfig NONE = new HeadersConfig(null, null, false);

    static final Keys KEYS = Keys.of("request", "response", "securityHeaders")
            .with("request", HeaderEditsConfig.KEYS)
            .with("response", HeaderEditsConfig.KEYS);

    static HeadersConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        return new HeadersConfig(
                in.get("request", HeaderEditsConfig::ofRequest),
                in.get("response", HeaderEditsConfig::ofResponse),
                in.get("securityHeaders", false, Cursor::bool));
    }

    RequestConfig ofRequests() {
        return RequestConfig.ofHeaders(request);
    }

    ResponseConfig ofResponses() {
        return new ResponseConfig(response, securityHeaders);
    }
}
