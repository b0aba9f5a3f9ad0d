package dev.portway.policy.headers;

import dev.portway.config.HeaderEditsConfig;
import dev.portway.config.RequestConfig;
import dev.portway.config.ResponseConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.Template;
import dev.portway.exchange.FieldNames;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.policy.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Changes the fields of requests and responses as the route says; has the last word on responses. Immutable. */
public final class HeaderPolicy implements Policy {

    private static final String WEBSOCKET_PREFIX = "sec-websocket-";

    private final @Nullable Map<String, Template> replacement;
    private final @Nullable FieldEdits ofRequest;
    private final @Nullable FieldEdits ofResponse;
    private final @Nullable FieldNames hidden;
    private final boolean securityHeaders;

    private HeaderPolicy(RequestConfig request, ResponseConfig response) {
        this.replacement = request.replaceHeaders();
        this.ofRequest = edits(request.headers());
        this.ofResponse = edits(response.headers());
        this.hidden = hidden(response.headers());
        this.securityHeaders = response.securityHeaders();
    }

    /** The rule of {@code route}; null where it has none. */
    public static @Nullable Policy of(RouteConfig route) {
        HeaderPolicy policy =
                new HeaderPolicy(route.rules().request(), route.rules().response());
        return policy.changesRequests() || policy.changesResponses() ? policy : null;
    }

    private static @Nullable FieldEdits edits(@Nullable HeaderEditsConfig rule) {
        return rule == null ? null : new FieldEdits(rule);
    }

    /** What a backend may say neither before the response nor behind its body: what is taken out, or said in its place. */
    private static @Nullable FieldNames hidden(@Nullable HeaderEditsConfig rule) {
        if (rule == null || (rule.remove().isEmpty() && rule.set().isEmpty())) {
            return null;
        }
        List<String> names = new ArrayList<>(rule.remove());
        names.addAll(rule.set().keySet());
        return new FieldNames(names);
    }

    private boolean changesRequests() {
        return replacement != null || ofRequest != null;
    }

    private boolean changesResponses() {
        return ofResponse != null || securityHeaders;
    }

    @Override
    public void apply(PolicyWalk walk) {
        if (changesRequests()) {
            walk.exchange().edits().request(this::change);
        }
        if (changesResponses()) {
            walk.exchange().edits().response(this::change);
        }
        if (hidden != null) {
            walk.exchange().edits().hide(hidden);
        }
        walk.proceed();
    }

    private void change(ProxyExchange exchange, OutgoingRequest request) {
        if (replacement != null) {
            replace(exchange, request.fields(), replacement);
        }
        if (ofRequest != null) {
            ofRequest.apply(exchange, request.fields());
        }
    }

    private void change(ProxyExchange exchange, Response response) {
        if (securityHeaders) {
            SecurityHeaders.apply(exchange, response.getHeaders());
        }
        if (ofResponse != null) {
            ofResponse.apply(exchange, response.getHeaders());
        }
    }

    private static void replace(ProxyExchange exchange, HttpFields.Mutable fields, Map<String, Template> replacement) {
        for (var each = fields.listIterator(); each.hasNext(); ) {
            if (!belongsToTheMessage(each.next())) {
                each.remove();
            }
        }
        for (Map.Entry<String, Template> field : replacement.entrySet()) {
            FieldEdits.set(fields, field.getKey(), Values.of(field.getValue(), exchange));
        }
    }

    /** What is no more the client's to say than the request line is. */
    private static boolean belongsToTheMessage(HttpField field) {
        return field.getHeader() == HttpHeader.HOST
                || field.getHeader() == HttpHeader.TE
                || field.getLowerCaseName().startsWith(WEBSOCKET_PREFIX);
    }
}
