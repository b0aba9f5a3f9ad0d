package dev.portway.health;

import dev.portway.config.HealthConfig;
import dev.portway.upstream.Backend;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks for a path and looks at the status; the body is of no interest, and redirects are not followed. */
final class HttpCheck implements Check {

    private final Supplier<HttpClient> client;
    private final NameLookup lookup;
    private final Backend.Identity identity;
    private final HealthConfig config;
    private final List<URI> candidates; // the same resource at the addresses to try, in order

    HttpCheck(Supplier<HttpClient> client, NameLookup lookup, Backend.Identity identity, HealthConfig config) {
        this.client = client;
        this.lookup = lookup;
        this.identity = identity;
        this.config = config;
        this.candidates = candidates(identity, config.path());
    }

    @Override
    public CompletableFuture<CheckResult> run() {
        return known().thenCompose(known -> ask(0))
                .orTimeout(config.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .handle((status, failure) -> failure == null ? judge(status) : CheckResult.bad(describe(failure)));
    }

    /**
     * Done when the client, which asks again on a thread that all checks share, finds the answer in the platform's cache.
     * What is wrong with a name is left for it to say.
     */
    private CompletableFuture<?> known() {
        if (!Loopback.addressesOf(identity.host()).isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return lookup.addressesOf(identity.host(), config.timeout())
                .exceptionallyCompose(failure -> Failures.unwrap(failure) instanceof UnknownHostException
                        ? CompletableFuture.completedFuture(List.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Integer> ask(int index) {
        HttpRequest request = HttpRequest.newBuilder(candidates.get(index))
                .timeout(config.timeout())
                .header("User-Agent", "portway-health-check")
                .build();
        return client.get()
                .sendAsync(request, head -> new DiscardedBody(config.timeout()))
                .thenApply(response -> response.statusCode())
                .exceptionallyCompose(failure -> index + 1 < candidates.size() && refused(failure)
                        ? ask(index + 1)
                        : CompletableFuture.failedFuture(failure));
    }

    private CheckResult judge(int status) {
        return config.expect().contains(status)
                ? CheckResult.good("answers " + status)
                : CheckResult.bad("answered " + status + " (expected: " + config.expect() + ")");
    }

    private String describe(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "no answer within " + config.timeout().toMillis() + " ms";
        }
        return refused(cause) ? "connection refused" : Failures.describe(cause);
    }

    private static boolean refused(Throwable failure) {
        return Failures.unwrap(failure) instanceof ConnectException;
    }

    /** One URI, or for a loopback name in clear text one for each address; a certificate is for the name. */
    private static List<URI> candidates(Backend.Identity identity, String path) {
        List<URI> candidates = new ArrayList<>();
        if (identity.scheme().equals("http")) {
            for (InetAddress address : Loopback.addressesOf(identity.host())) {
                String host = address.getHostAddress();
                String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
                candidates.add(URI.create("http://" + literal + ":" + identity.port() + path));
            }
        }
        if (candidates.isEmpty()) {
            candidates.add(URI.create(identity.scheme() + "://" + identity.authority() + path));
        }
        return candidates;
    }
}
