package dev.portway.policy.limit;

import dev.portway.config.LimitConfig;
import dev.portway.exchange.Carried;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a route: a request passes if all of them let it pass, and is answered 429 if not, without having been
 * counted by the others. Tells the client what is left of each ({@code RateLimit} and {@code RateLimit-Policy} of
 * draft-ietf-httpapi-ratelimit-headers). Thread-safe.
 */
public final class LimitPolicy implements Policy {

    private static final String POLICY_FIELD = "RateLimit-Policy";

    private final Limit[] limits;
    private final KeyReader[] keys;
    private final String[] kinds;
    private final LeftField[] fields;
    private final HttpField quotas;
    private final boolean own;
    private final boolean endsCount;

    /**
     * The limits of one route.
     *
     * @param configs what each of {@code limits} was made of
     * @param own whether they are the route's own, and not those of all routes
     */
    LimitPolicy(List<LimitConfig> configs, List<Limit> limits, boolean own) {
        this.limits = limits.toArray(Limit[]::new);
        this.keys = configs.stream().map(config -> new KeyReader(config.key())).toArray(KeyReader[]::new);
        this.kinds = configs.stream().map(config -> config.key().kind().word()).toArray(String[]::new);
        String[] names = names(kinds);
        this.fields = Arrays.stream(names).map(LeftField::new).toArray(LeftField[]::new);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < this.limits.length; i++) {
            all.append(i == 0 ? "" : ", ").append(names[i]).append(this.limits[i].quota());
        }
        this.quotas = new HttpField(null, POLICY_FIELD, all.toString());
        this.own = own;
        this.endsCount = limits.stream().anyMatch(Limit::countsEnds);
    }

    static Limit limit(LimitConfig config) {
        return config instanceof LimitConfig.Rate rate
                ? new RateLimit(rate)
                : new ConcurrencyLimit((LimitConfig.Concurrency) config);
    }

    /** A name for each limit: the kind of its key, numbered where that is not enough. */
    private static String[] names(String[] kinds) {
        Map<String, Integer> taken = new HashMap<>();
        String[] names = new String[kinds.length];
        for (int i = 0; i < names.length; i++) {
            int number = taken.merge(kinds[i], 1, Integer::sum);
            names[i] = '"' + (number == 1 ? kinds[i] : kinds[i] + "-" + number) + '"';
        }
        return names;
    }

    @Override
    public boolean guards() {
        return own;
    }

    @Override
    public void apply(PolicyWalk walk) {
        Failure failure = admit(walk.exchange());
        if (failure == null) {
            walk.proceed();
        } else {
            walk.refuse(failure);
        }
    }

    /** Counts the request, or says what to answer to it; in both cases the client will be told what is left. */
    private @Nullable Failure admit(ProxyExchange exchange) {
        String[] found = new String[limits.length];
        for (int i = 0; i < limits.length; i++) {
            found[i] = keys[i].of(exchange);
        }
        long[] taken = new long[limits.length];
        int refusing = take(found, taken);
        if (refusing >= 0) {
            return refusal(exchange, refusing, taken[refusing]);
        }
        if (endsCount) {
            Request.addCompletionListener(exchange, failure -> {
                CompletionStage<Carried> tunnel = failure == null ? exchange.tunnel() : null;
                if (tunnel == null) {
                    ended(found, limits.length);
                } else {
                    tunnel.thenRun(() -> ended(found, limits.length));
                }
            });
        }
        tell(exchange, left(taken));
        return null;
    }

    /** @return which limit refuses the request, which then is not counted by any; negative if none does */
    private int take(String[] found, long[] taken) {
        for (int i = 0; limits.length > 1 && i < limits.length; i++) {
            taken[i] = limits[i].look(found[i]);
            if (taken[i] < 0) {
                return i;
            }
        }
        for (int i = 0; i < limits.length; i++) {
            taken[i] = limits[i].take(found[i]);
            if (taken[i] < 0) {
                // Another request came in between; what a rate has counted of this one stays counted.
                ended(found, i);
                return i;
            }
        }
        return -1;
    }

    /** @param counted how many of the limits had counted the request in */
    private void ended(String[] found, int counted) {
        for (int i = 0; i < counted; i++) {
            limits[i].ended(found[i]);
        }
    }

    private Failure refusal(ProxyExchange exchange, int refusing, long refused) {
        Limit limit = limits[refusing];
        tell(exchange, left(refusing, refused));
        return new Failure(
                ProxyError.TOO_MANY_REQUESTS,
                limit.shown() + " for this " + kinds[refusing],
                null,
                Duration.ofNanos(limit.retryNanos(refused)));
    }

    private HttpField left(long[] taken) {
        if (limits.length == 1) {
            return left(0, taken[0]);
        }
        StringBuilder left = new StringBuilder(32 * limits.length);
        for (int i = 0; i < limits.length; i++) {
            left.append(i == 0 ? "" : ", ").append(left(i, taken[i]).getValue());
        }
        return new HttpField(null, LeftField.NAME, left.toString());
    }

    private HttpField left(int limit, long taken) {
        return fields[limit].of(limits[limit].left(taken), limits[limit].untilMore(taken));
    }

    private void tell(ProxyExchange exchange, HttpField left) {
        exchange.edits()
                .response((self, response) -> response.getHeaders().add(quotas).add(left));
    }
}
