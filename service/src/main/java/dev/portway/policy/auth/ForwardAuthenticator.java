package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.ForwardAuthConfig;
import dev.portway.exchange.FieldNames;
import dev.portway.exchange.HopByHop;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import dev.portway.exchange.TargetFields;
import dev.portway.routing.RequestPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
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
            "Host", "Expect", "Content-Length", "Content-Type", "Content-Encoding", "Via", "Forwarded", "X-Real-IP"));

    /** How fields begin in which a service may look for what was asked for; a client's are none that it should see. */
    private static final List<String> OWN_PREFIXES = List.of("X-Forwarded-", "X-Original-");

    private static final List<FieldNames> OWN_BEGINNINGS =
            OWN_PREFIXES.stream().map(List::of).map(FieldNames::new).toList();

    /** What of an answer is about the message and its connection. */
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade", "date");

    private final ForwardAuthConfig rule;
    private final ServiceClient services;
    private final FieldNames reserved;
    private final Outage outage = new Outage(System::nanoTime);
    private final Semaphore room = new Semaphore(MAX_WAITING);

    /**
     * A rule that has asked nobody yet.
     *
     * @param reserved headers in which backends are told who asks: the service gets no client's either
     */
    ForwardAuthenticator(ForwardAuthConfig rule, Set<String> reserved, ServiceClient services) {
        this.rule = requireNonNull(rule, "rule");
        this.services = requireNonNull(services, "services");
        List<String> names = new ArrayList<>(rule.copy());
        names.addAll(reserved);
        this.reserved = new FieldNames(names);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // all that can come of it is handled in it
    public void check(ProxyExchange exchange, Consumer<Verdict> verdict) {
        HttpRequest question;
        try {
            question = question(exchange);
        } catch (IllegalArgumentException e) {
            // Half a question would be answered for another request than this one.
            LOG.debug("a request cannot be put to {}", ServiceClient.place(rule.url()), e);
            verdict.accept(new Verdict.Unavailable("the service that says who may pass cannot be asked about it"));
            return;
        }
        if (!room.tryAcquire()) {
            verdict.accept(new Verdict.Unavailable("too many requests wait for the service that says who may pass"));
            return;
        }
        ask(question)
                .whenComplete((answer, failure) -> room.release())
                .handle(this::verdict)
                .exceptionally(unusable -> verdict(null, unusable))
                .thenAccept(verdict);
    }

    /** What is thrown comes as any other failure does: the place is given back in one way. */
    private CompletableFuture<HttpResponse<byte[]>> ask(HttpRequest question) {
        try {
            return services.ask(question, rule.timeout(), MAX_BYTES);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private HttpRequest question(ProxyExchange exchange) {
        HttpRequest.Builder question = HttpRequest.newBuilder(rule.url());
        HttpFields fields = exchange.getHeaders();
        HopByHop hop = HopByHop.of(fields);
        for (HttpField field : fields) {
            if (!hop.covers(field)
                    && !isOwn(field)
                    && !(exchange.outbound() && isForTheOtherHost(field))
                    && !reserved.cover(field.getName())) {
                add(question, field.getName(), field.getValue());
            }
        }
        if (exchange.outbound()) {
            for (String credentials : fields.getValuesList(HttpHeader.PROXY_AUTHORIZATION)) {
                add(question, HttpHeader.AUTHORIZATION.asString(), credentials);
            }
        }
        question.header("X-Forwarded-Method", exchange.getMethod());
        question.header("X-Forwarded-Uri", target(exchange));
        question.header("X-Forwarded-Proto", exchange.client().scheme());
        String host = fields.get(HttpHeader.HOST);
        if (host != null) {
            question.header("X-Forwarded-Host", host);
        }
        question.header("X-Forwarded-For", exchange.client().address());
        return question.build();
    }

    private static boolean isForTheOtherHost(HttpField field) {
        return field.getHeader() == HttpHeader.AUTHORIZATION || field.getHeader() == HttpHeader.COOKIE;
    }

    private static boolean isOwn(HttpField field) {
        String name = field.getName();
        for (int i = 0; i < OWN_PREFIXES.size(); i++) {
            int length = OWN_PREFIXES.get(i).length();
            if (name.length() > length && OWN_BEGINNINGS.get(i).cover(name.substring(0, length))) {
                return true;
            }
        }
        return OWN.cover(name) || TargetFields.contain(field);
    }

    /**
     * With dot segments resolved, as the backend gets it: of {@code /open/../admin} a service that goes by the beginning
     * would see {@code /open}. What no field can carry is escaped, or it would see nothing. Of a tunnel it is the place.
     */
    private static String target(ProxyExchange exchange) {
        HttpURI uri = exchange.getHttpURI();
        if (HttpMethod.CONNECT.is(exchange.getMethod())) {
            return uri.getAuthority();
        }
        String path = RequestPath.resolveDots(uri.getPath());
        String raw = uri.getQuery() == null ? path : path + '?' + uri.getQuery();
        StringBuilder target = new StringBuilder(raw.length());
        for (byte b : raw.getBytes(UTF_8)) {
            if (b > ' ' && b < 0x7F) {
                target.append((char) b);
            } else {
                target.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return target.toString();
    }

    /** What of the client's Java's client does not send is left out: the service then sees less, and lets nobody in for it. */
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
            if (outage.answered()) {
                LOG.info("{} says again who may pass", ServiceClient.place(rule.url()));
            }
            return let ? accepted(answer) : refused(answer);
        }
        if (outage.failed()) {
            LOG.warn(
                    "{} does not say who may pass, so nobody does, with 503: {}",
                    ServiceClient.place(rule.url()),
                    failure == null ? "the answer is " + status : ServiceClient.why(failure));
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

    @Override
    public @Nullable String scheme() {
        return null;
    }
}
