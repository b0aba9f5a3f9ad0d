package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ForwardAuthConfig;
import dev.portway.exchange.FieldNames;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another service says who may pass: it gets the head of each request, with what was asked for in {@code X-Forwarded-*}. 2xx
 * lets in; 401, 403 and redirects are passed on to the client; with anything else, or nothing, nobody is let in. Thread-safe.
 */
final class ForwardAuthenticator implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardAuthenticator.class);
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_WAITING = 512;

    /** What the service is told by the proxy itself, or is about a body it does not get. */
    private static final FieldNames OWN = new FieldNames(List.of(
            "Host",
            "Expect",
            "Content-Length",
            "Content-Type",
            "Content-Encoding",
            "Via",
            "Forwarded",
            "X-Real-IP",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Server",
            "X-Forwarded-Method",
            "X-Forwarded-Uri"));

    /** What of an answer is about the message and its connection. */
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade", "date");

    private final ForwardAuthConfig rule;
    private final ServiceClient services;
    private final FieldNames copied;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Semaphore room = new Semaphore(MAX_WAITING);

    ForwardAuthenticator(ForwardAuthConfig rule, ServiceClient services) {
        this.rule = requireNonNull(rule, "rule");
        this.services = requireNonNull(services, "services");
        this.copied = new FieldNames(rule.copy());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // all that can come of it is handled in it
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        if (!room.tryAcquire()) {
            verdict.accept(new Verdict.Unavailable("too many requests wait for the service that says who may pass"));
            return;
        }
        services.ask(question(exchange), rule.timeout(), MAX_BYTES)
                .handle(this::verdict)
                .thenAccept(found -> {
                    room.release();
                    verdict.accept(found);
                });
    }

    private HttpRequest question(ProxyExchange exchange) {
        HttpRequest.Builder question = HttpRequest.newBuilder(rule.url());
        HttpFields fields = exchange.getHeaders();
        HopByHop hop = HopByHop.of(fields);
        for (HttpField field : fields) {
            if (!hop.covers(field) && !OWN.cover(field.getName()) && !copied.cover(field.getName())) {
                add(question, field.getName(), field.getValue());
            }
        }
        add(question, "X-Forwarded-Method", exchange.getMethod());
        add(question, "X-Forwarded-Uri", exchange.getHttpURI().getPathQuery());
        add(question, "X-Forwarded-Proto", exchange.client().scheme());
        add(question, "X-Forwarded-Host", fields.get(HttpHeader.HOST));
        add(question, "X-Forwarded-For", exchange.client().address());
        return question.build();
    }

    /** What Java's client does not send is left out: the service then sees less, and lets nobody in for it. */
    private static void add(HttpRequest.Builder question, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        try {
            question.header(name, value);
        } catch (IllegalArgumentException e) {
            LOG.debug("{} is not sent to the service that says who may pass", name);
        }
    }

    private Verdict verdict(@Nullable HttpResponse<byte[]> answer, @Nullable Throwable failure) {
        int status = answer == null ? 0 : answer.statusCode();
        boolean let = status >= 200 && status < 300;
        boolean asked = status == 401 || status == 403 || (status >= 301 && status <= 308 && status != 304);
        if (answer != null && (let || asked)) {
            if (failing.compareAndSet(true, false)) {
                LOG.info("{} says again who may pass", place(rule.url()));
            }
            return let ? accepted(answer) : refused(answer);
        }
        if (failing.compareAndSet(false, true)) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            LOG.warn(
                    "{} does not say who may pass, so nobody does: {}",
                    place(rule.url()),
                    cause == null ? "its answer is " + status : String.valueOf(cause));
        }
        return new Verdict.Unavailable("the service that says who may pass does not answer");
    }

    private Verdict accepted(HttpResponse<byte[]> answer) {
        String name = rule.name() == null
                ? null
                : answer.headers().firstValue(rule.name()).orElse(null);
        List<HttpField> fields = new ArrayList<>();
        for (String copy : rule.copy()) {
            answer.headers().allValues(copy).forEach(value -> fields.add(new HttpField(copy, value)));
        }
        return new Verdict.Accepted(new Identity(name == null ? "" : name, "forward"), fields);
    }

    private static Verdict refused(HttpResponse<byte[]> answer) {
        HttpFields.Mutable fields = HttpFields.build();
        answer.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":") && !FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> fields.add(name, value));
            }
        });
        return new Verdict.Refused(answer.statusCode(), fields, answer.body());
    }

    /** Without a query, which may hold a secret. */
    private static String place(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }

    @Override
    public @Nullable String scheme() {
        return null;
    }
}
