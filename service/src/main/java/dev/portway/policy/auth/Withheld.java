package dev.portway.policy.auth;

import dev.portway.config.ApiKeyConfig;
import dev.portway.config.AuthConfig;
import dev.portway.config.RouteConfig;
import dev.portway.exchange.FieldNames;
import dev.portway.exchange.OutgoingRequest;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend does not get of a client's request: the headers in which some route tells its backend who asks, and what
 * may be taken for them, by whatever route they come, since who may not enter by one may come to the same backend by
 * another; and what the client proved itself with. Taken out before any other rule puts something in. Immutable.
 */
public final class Withheld implements Policy {

    private final FieldNames names;
    private final List<String> schemes; // of Authorization
    private final @Nullable QueryParameter parameter;

    private Withheld(FieldNames names, List<String> schemes, @Nullable QueryParameter parameter) {
        this.names = names;
        this.schemes = List.copyOf(schemes);
        this.parameter = parameter;
    }

    /** The rule of {@code route}; null where nothing is withheld. */
    public static @Nullable Policy of(RouteConfig route) {
        List<String> names = new ArrayList<>(route.rules().reserved());
        List<String> schemes = new ArrayList<>();
        QueryParameter parameter = null;
        AuthConfig auth = route.rules().auth();
        if (auth != null && !auth.passCredentials()) {
            ApiKeyConfig apiKey = auth.apiKey();
            if (auth.basic() != null) {
                schemes.add(BasicAuthenticator.SCHEME);
            }
            if (auth.jwt() != null) {
                schemes.add(JwtAuthenticator.SCHEME);
            }
            if (apiKey != null && apiKey.header() != null) {
                names.add(apiKey.header());
            }
            parameter = apiKey == null || apiKey.query() == null ? null : new QueryParameter(apiKey.query());
        }
        return names.isEmpty() && schemes.isEmpty() && parameter == null
                ? null
                : new Withheld(new FieldNames(names), schemes, parameter);
    }

    @Override
    public void apply(PolicyWalk walk) {
        walk.exchange().edits().withhold(names);
        walk.exchange().edits().request(this::takeOut);
        walk.proceed();
    }

    private void takeOut(ProxyExchange exchange, OutgoingRequest request) {
        if (!exchange.outbound()) { // or it is for the other host
            schemes.forEach(scheme -> AuthorizationField.remove(request.fields(), scheme));
        }
        if (parameter != null) {
            request.query(parameter.without(request.query()));
        }
    }
}
