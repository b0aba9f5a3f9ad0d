package dev.portway.exchange;

import static java.util.Objects.requireNonNull;

import dev.portway.routing.MethodOverrides;
import dev.portway.routing.Route;
import dev.portway.routing.RouteRequest;
import dev.portway.routing.RouteTable;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Selection;
import dev.portway.upstream.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Components;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the handlers, and what they found out about it. The handlers pass it on as the
 * request; {@link #of} finds it again. Confined to the thread that handles the exchange at the moment.
 */
public final class ProxyExchange extends Request.Wrapper implements RouteRequest, Selection {

    private final long startedNanos = System.nanoTime();
    private final Components components;
    private final String requestId;
    private final Client client;
    private final String host;
    private final @Nullable String protocol;
    private String path = "";
    private @Nullable Route route;
    private boolean guarded;
    private @Nullable RouteTable outbound; // null unless it is for another host
    private @Nullable Target target;
    private int attempts;
    private int hedged;
    private @Nullable List<Backend> tried; // before the target; null for none
    private List<LostAttempt> lost = List.of();
    private long backendNanos = -1;
    private @Nullable ProxyError error;
    private @Nullable String cause;
    private @Nullable CompletionStage<Carried> tunnel;
    private @Nullable Edits edits; // null where no rule changes anything
    private @Nullable Identity identity;
    private @Nullable String ownMethod; // of the program around the proxy; null for the client's
    private boolean ownBody;
    private final ClientBody body = new ClientBody();

    /**
     * An exchange that begins.
     *
     * @param loop where all of it happens
     */
    public ProxyExchange(Request request, String requestId, Client client, Executor loop) {
        super(request);
        this.components = new LoopComponents(request.getComponents(), loop);
        this.requestId = requireNonNull(requestId, "requestId");
        this.client = requireNonNull(client, "client");
        this.host = AskedFor.host(request);
        this.protocol = AskedFor.protocol(request);
    }

    /** The exchange that {@code request} is, or wraps. */
    public static ProxyExchange of(Request request) {
        return request instanceof ProxyExchange exchange
                ? exchange
                : requireNonNull(Request.as(request, ProxyExchange.class), "request: expected one within an exchange");
    }

    /**
     * The protocol that the client wants its HTTP/2 stream to go on in (RFC 8441); null where it wants no other. What HTTP/1.1
     * says by {@code Upgrade} in a GET, HTTP/2 says by a CONNECT of another kind: here it is a GET again.
     */
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public String getMethod() {
        return protocol == null ? super.getMethod() : HttpMethod.GET.asString();
    }

    /** When it came in, by {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Names the request in log lines and error answers. */
    public String requestId() {
        return requestId;
    }

    /** Who sent it. */
    public Client client() {
        return client;
    }

    /** Whether it came over TLS; not what its target says, which a client can make up. */
    @Override
    public boolean isSecure() {
        return getConnectionMetaData().isSecure();
    }

    @Override
    public String method() {
        return getMethod();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String header(String name) {
        return getHeaders().get(name);
    }

    @Override
    public Set<String> otherMethods() {
        MethodOverrides overrides = new MethodOverrides();
        for (HttpField field : getHeaders()) {
            overrides.field(field.getName(), field.getValue());
        }
        overrides.query(getHttpURI().getQuery());
        return overrides.found();
    }

    @Override
    public @Nullable String cookie(String name) {
        return Cookies.value(getHeaders(), name);
    }

    /** How many cookies a backend may take for the one of this name. */
    public int cookies(String name) {
        return Cookies.count(getHeaders(), name);
    }

    @Override
    public String clientAddress() {
        return client.address();
    }

    /** Sets the normalised path, before the route is sought. */
    public void path(String path) {
        this.path = path;
    }

    /** Null until a route is found. */
    public @Nullable Route route() {
        return route;
    }

    public void route(Route route) {
        this.route = route;
    }

    /** Says that rules keep somebody out of a backend of its route, by that route or by another. */
    public void guarded() {
        guarded = true;
    }

    /** Whether a backend is told what the peer says it was asked for: a trusted proxy, but mostly it repeats its clients. */
    public boolean believed() {
        return client.trusted() && !guarded;
    }

    /**
     * Sends it to the host that it names, since no route serves that: it is recorded as having taken no route.
     *
     * @param table by which it may go there, whatever others say meanwhile
     * @param rules of that table for such requests
     */
    public void outbound(RouteTable table, Route rules) {
        this.outbound = requireNonNull(table, "table");
        this.route = requireNonNull(rules, "rules");
    }

    /** Whether it is for a host that no route serves, and the proxy a forward proxy to its client. */
    public boolean outbound() {
        return outbound != null;
    }

    /** By what it may go to a host that no route serves; null where it may not. */
    public @Nullable RouteTable outboundTable() {
        return outbound;
    }

    /** The id of the route that it takes; null where it takes none. */
    public @Nullable String routeId() {
        return route == null || outbound != null ? null : route.id();
    }

    /** Null until one is picked. */
    public @Nullable Target target() {
        return target;
    }

    /** Says who asks, proven by a rule. */
    public void identity(Identity identity) {
        this.identity = identity;
    }

    /** Null where no rule has asked who it is. */
    public @Nullable Identity identity() {
        return identity;
    }

    /** Where rules say what they change in it. */
    public Edits edits() {
        if (edits == null) {
            edits = new Edits();
        }
        return edits;
    }

    /** Whether a rule has said that the client may not tell the backend this. */
    public boolean withholds(String name) {
        return edits != null && edits.withholds(name);
    }

    /** Whether a rule has said that the client does not get this of a backend. */
    public boolean hides(String name) {
        return edits != null && edits.hides(name);
    }

    /** Changes a request that is to be sent to a backend, as the rules of the route say. */
    public void edit(OutgoingRequest request) {
        if (edits != null) {
            edits.apply(this, request);
        }
    }

    /** What to answer in place of a backend's response, as the rules of the route say; null where it may pass. */
    public @Nullable Failure refusal(int status, HttpFields fields) {
        return edits == null ? null : edits.refusal(status, fields);
    }

    /** Changes the head of a response that is not sent yet, as the rules of the route say. */
    public void edit(Response response) {
        if (edits != null) {
            edits.apply(this, response);
        }
    }

    /** Attempts that were begun. */
    public int attempts() {
        return attempts;
    }

    /** Begins an attempt at {@code target}. */
    public void attempt(Target target) {
        if (this.target != null) {
            tried = tried == null ? new ArrayList<>(2) : tried;
            tried.add(this.target.backend());
        }
        this.target = target;
        this.attempts++;
        backendNanos = -1;
    }

    /** Begins an attempt at {@code target} beside the one that goes on. */
    public void hedge(Target target) {
        attempt(target);
        hedged++;
    }

    /** Of two attempts it is the one at {@code target} that counts from now on. */
    public void goOn(Target target) {
        Backend last = requireNonNull(this.target).backend();
        if (last != target.backend()) {
            requireNonNull(tried).add(last);
            this.target = target;
        }
    }

    /**
     * An attempt has come to nothing, and another one follows, or goes on.
     *
     * @param where it went
     * @param status of its answer; 0 where there was none
     * @param error that it came to; null where there was an answer
     */
    public void lost(Target where, int status, @Nullable ProxyError error) {
        List<LostAttempt> all = new ArrayList<>(lost);
        all.add(new LostAttempt(where.backend().id(), status, error));
        lost = all;
    }

    /** Whether an attempt at it was begun: a target is sought again only where that has failed. */
    @Override
    public boolean tried(Backend backend) {
        return (target != null && target.backend() == backend) || (tried != null && tried.contains(backend));
    }

    /** Whether the request may be sent twice, as the method it is sent with goes (RFC 9110, section 9.2.2). */
    public boolean idempotent() {
        return switch (sentMethod()) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND", "QUERY" -> true;
            default -> false;
        };
    }

    /**
     * The head of the response is in.
     *
     * @param nanos since the request was sent
     */
    public void answered(long nanos) {
        backendNanos = nanos;
    }

    /** Whether it does nothing but ask for something: by GET or HEAD, with no body, as it is sent. */
    public boolean asksOnly() {
        String method = sentMethod();
        return (method.equals("GET") || method.equals("HEAD")) && !hasBody() && !sendsOwnBody();
    }

    private String sentMethod() {
        String instead = route == null ? null : route.config().rules().request().method();
        if (instead != null) {
            return instead;
        }
        return ownMethod == null ? getMethod() : ownMethod;
    }

    /**
     * Says what the program around the proxy has sent, by an edit of its own, in place of what the client did.
     *
     * @param method null for the client's
     * @param body whether there is one
     */
    public void sendInstead(@Nullable String method, boolean body) {
        ownMethod = method;
        ownBody = body;
    }

    /** Whether it is not the client's body that is sent, but one that can be sent as often as need be. */
    public boolean sendsOwnBody() {
        return ownBody || (route != null && route.config().rules().request().body() != null);
    }

    /** Whether what is sent is another request than the client's, which its connection cannot go on from. */
    public boolean sendsOwnCall() {
        return ownBody || ownMethod != null;
    }

    /** Records what went wrong. The first error stays: those that follow are its consequences. */
    public void failed(ProxyError error, @Nullable String cause) {
        if (this.error == null) {
            this.error = error;
            this.cause = cause;
        }
    }

    public @Nullable ProxyError error() {
        return error;
    }

    /** The connection goes on as a tunnel once the response is out; {@code tunnel} completes when that has ended. */
    public void tunnel(CompletionStage<Carried> tunnel) {
        this.tunnel = tunnel;
    }

    /** Null where the connection goes on with HTTP, or ends. */
    public @Nullable CompletionStage<Carried> tunnel() {
        return tunnel;
    }

    /**
     * Keeps what is read of the body from now on, while it is small, so that it can be read {@link #readAgain again}.
     */
    public void keepBody() {
        body.keep(KeptBody.FEW);
    }

    /** Keeps all that is read of the body from now on, as little as the caller reads, for {@link #readAgain}. */
    public void keepWholeBody() {
        body.keep(Integer.MAX_VALUE);
    }

    /** Keeps no more of the body. */
    public void forgetBody() {
        body.forget();
    }

    /**
     * Lets what was kept be read again, before what comes next.
     *
     * @return false where nothing was kept, or more was read than is kept
     */
    public boolean readAgain() {
        return body.readAgain();
    }

    /** Whether {@link #readAgain} would do so; says nothing of what is read until it is called. */
    public boolean canReadAgain() {
        return body.canReadAgain();
    }

    /** Whether a body comes with the request. */
    public boolean hasBody() {
        long length = getLength();
        return length > 0 || (length < 0 && Fields.contain(getHeaders(), HttpHeader.TRANSFER_ENCODING));
    }

    /** Breaks the exchange off by {@code failure} when more than {@code bytes} of the body come. */
    public void limitBody(long bytes, Failure failure) {
        body.limit(bytes, failure);
    }

    /** As Jetty's, but its executor is the exchange's own event loop, over HTTP/2 too. */
    @Override
    public Components getComponents() {
        return components;
    }

    /** As Jetty's, but one reader at a time: the rest of a body that an attempt gives up is read by another thread. */
    @Override
    public Content.@Nullable Chunk read() {
        return body.read(getWrapped()::read);
    }

    /**
     * As Jetty's, but the last one who demands takes over from the one before, if that one has not been called yet: an
     * attempt that is given up leaves its demand to whoever reads the rest of the body.
     */
    @Override
    public void demand(Runnable callback) {
        if (body.demand(callback)) {
            super.demand(body);
        }
    }

    /** What the log needs of this exchange, now that it has ended. */
    public ExchangeRecord record(Response response) {
        Request request = getWrapped();
        HttpField userAgent = request.getHeaders().getField(HttpHeader.USER_AGENT);
        return new ExchangeRecord(
                System.currentTimeMillis(),
                requestId,
                client.address(),
                request.getMethod(),
                client.scheme(),
                request.getHeaders().get(HttpHeader.HOST),
                pathOf(request),
                request.getConnectionMetaData().getProtocol(),
                routeId(),
                target == null ? null : target.backend().id(),
                error == ProxyError.CLIENT_CLOSED ? error.status() : response.getStatus(),
                Math.max(0, Request.getContentBytesRead(request)),
                Math.max(0, Response.getContentBytesWritten(response)),
                System.nanoTime() - startedNanos,
                backendNanos,
                attempts,
                hedged,
                lost,
                error,
                cause,
                request.getHeaders().get(HttpHeader.REFERER),
                userAgent == null ? null : userAgent.getValue());
    }

    private static String pathOf(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }
}
