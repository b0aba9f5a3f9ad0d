package dev.portway.policy.filter;

import dev.portway.config.FilterConfig;
import dev.portway.config.ResponseFilterConfig;
import dev.portway.config.StatusRange;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ResponseCheck;
import dev.portway.policy.PolicyWalk;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Keeps back the responses that a route does not let out. Immutable. */
final class ResponseFilter implements ResponseCheck {

    private final ResponseFilterConfig rule;

    ResponseFilter(ResponseFilterConfig rule) {
        this.rule = rule;
    }

    /** Has the response of this request looked at. */
    void watch(PolicyWalk walk) {
        walk.exchange().edits().check(this);
        if (rule.maxBody() != FilterConfig.ANY) {
            walk.wrap(new BoundedResponse(walk.exchange(), walk.response(), rule.maxBody(), tooLarge()));
        }
    }

    @Override
    public @Nullable Failure refusal(int status, HttpFields fields) {
        if (!rule.statuses().isEmpty() && !lets(status)) {
            return refused("its status is " + status);
        }
        boolean bodiless = status == HttpStatus.NO_CONTENT_204
                || status == HttpStatus.NOT_MODIFIED_304
                || fields.getLongField(HttpHeader.CONTENT_LENGTH) == 0;
        if (!rule.types().isEmpty() && !bodiless && !MediaTypes.allowed(fields, rule.types())) {
            return refused("its type is " + fields.get(HttpHeader.CONTENT_TYPE));
        }
        if (rule.maxHeaders() != FilterConfig.ANY && fields.size() > rule.maxHeaders()) {
            return refused("it has more than " + rule.maxHeaders() + " headers");
        }
        if (rule.maxHeaderBytes() != FilterConfig.ANY && HeaderBytes.of(fields) > rule.maxHeaderBytes()) {
            return refused("its headers have more than " + rule.maxHeaderBytes() + " bytes");
        }
        return rule.maxBody() != FilterConfig.ANY && fields.getLongField(HttpHeader.CONTENT_LENGTH) > rule.maxBody()
                ? tooLarge()
                : null;
    }

    private boolean lets(int status) {
        for (StatusRange statuses : rule.statuses()) {
            if (statuses.contains(status)) {
                return true;
            }
        }
        return false;
    }

    private Failure tooLarge() {
        return refused("its body has more than " + rule.maxBody() + " bytes");
    }

    private static Failure refused(String why) {
        return new Failure(
                ProxyError.RESPONSE_REFUSED,
                "the route's filter does not let the backend's response out: " + why,
                "change filter.response if it should");
    }
}
