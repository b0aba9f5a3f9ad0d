package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ApiKeyConfig;
import dev.portway.config.KeyHash;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/** A key that a program sends in a header or a parameter. Thread-safe. */
final class ApiKeyAuthenticator implements Authenticator {

    private static final String SCHEME = "ApiKey";

    private final @Nullable String header;
    private final @Nullable QueryParameter parameter;
    private final KeyRing keys;
    private final @Nullable WatchedFile<KeyRing> file;

    /** @param file of further keys; null for none */
    ApiKeyAuthenticator(ApiKeyConfig rule, @Nullable WatchedFile<KeyRing> file) {
        requireNonNull(rule, "rule");
        this.header = rule.header();
        this.parameter = rule.query() == null ? null : new QueryParameter(rule.query());
        this.keys = new KeyRing(rule.keys());
        this.file = file;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // all that can come of it is handled in it
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        List<String> given = given(exchange);
        if (given.isEmpty()) {
            verdict.accept(Verdict.MISSING);
            return;
        }
        if (given.size() > 1) {
            verdict.accept(new Verdict.Wrong("there are several API keys"));
            return;
        }
        byte[] digest = KeyHash.digest(given.get(0));
        String holder = keys.holder(digest);
        if (holder != null || file == null) {
            verdict.accept(verdict(holder));
            return;
        }
        file.content()
                .whenComplete((further, failure) -> verdict.accept(
                        failure == null
                                ? verdict(further.holder(digest))
                                : new Verdict.Unavailable("the API keys could not be read")));
    }

    private List<String> given(ProxyExchange exchange) {
        List<String> given = new ArrayList<>(1);
        if (header != null) {
            for (HttpField field : exchange.getHeaders()) {
                if (field.is(header)) {
                    given.add(field.getValue() == null ? "" : field.getValue());
                }
            }
        }
        if (parameter != null) {
            given.addAll(parameter.valuesIn(exchange.getHttpURI().getQuery()));
        }
        return given;
    }

    private static Verdict verdict(@Nullable String holder) {
        return holder == null
                ? new Verdict.Wrong("the API key is not known")
                : new Verdict.Accepted(new Identity(holder, "apiKey"));
    }

    @Override
    public String scheme() {
        return SCHEME;
    }
}
