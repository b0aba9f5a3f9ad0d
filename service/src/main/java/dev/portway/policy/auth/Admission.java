package dev.portway.policy.auth;

import dev.portway.exchange.Drain;
import dev.portway.exchange.Failure;
import dev.portway.exchange.ProxyError;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.PolicyWalk;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request that must prove who sent it. Each way is tried until one accepts. Where none does, the answer is 503 if one of
 * them could not tell, else 401 (407 to who asks for another host), or 403 where the client cannot be asked for anything. Confined to the loop of its exchange.
 */
final class Admission {

    private final AuthPolicy policy;
    private final PolicyWalk walk;
    private int next;
    private Verdict.@Nullable Refused refused; // what another service wants the client to be told
    private @Nullable String unavailable; // why one of the ways could not tell
    private @Nullable String wrong; // why what was sent to one of them proves nothing

    Admission(AuthPolicy policy, PolicyWalk walk) {
        this.policy = policy;
        this.walk = walk;
    }

    /** Goes on with the way that is next. */
    void tryNext() {
        if (next == policy.ways().size()) {
            refuse();
            return;
        }
        policy.ways().get(next++).check(walk.exchange(), this::told);
    }

    private void told(Verdict verdict) {
        if (walk.loop().inside()) {
            take(verdict);
            return;
        }
        try {
            walk.later(() -> take(verdict));
        } catch (RejectedExecutionException stopping) {
            walk.callback().failed(stopping);
        }
    }

    private void take(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            walk.exchange().identity(accepted.identity());
            if (!accepted.told().isEmpty() && !walk.exchange().outbound()) {
                walk.exchange()
                        .edits()
                        .request((exchange, request) -> accepted.told().forEach(request.fields()::add));
            }
            walk.proceed();
            return;
        }
        if (verdict instanceof Verdict.Wrong no && wrong == null) {
            wrong = no.cause();
        }
        if (verdict instanceof Verdict.Unavailable no && unavailable == null) {
            unavailable = no.cause();
        }
        if (verdict instanceof Verdict.Refused no) {
            refused = no;
        }
        tryNext();
    }

    private void refuse() {
        if (unavailable != null) {
            walk.refuse(new Failure(ProxyError.CHECK_UNAVAILABLE, unavailable));
            return;
        }
        if (refused != null) {
            pass(refused);
            return;
        }
        List<String> schemes = policy.ways().stream()
                .map(Authenticator::scheme)
                .filter(scheme -> scheme != null)
                .distinct()
                .toList();
        String cause = wrong == null ? "the route asks who it is that asks" : wrong;
        if (schemes.isEmpty()) {
            walk.refuse(new Failure(ProxyError.FORBIDDEN, cause));
            return;
        }
        ProxyExchange exchange = walk.exchange();
        boolean outbound = exchange.outbound();
        HttpHeader challenge = outbound ? HttpHeader.PROXY_AUTHENTICATE : HttpHeader.WWW_AUTHENTICATE;
        exchange.edits().response((self, response) -> {
            for (String scheme : schemes) {
                // Names and passwords are read as UTF-8 (RFC 7617, section 2.1).
                String charset = scheme.equals(BasicAuthenticator.SCHEME) ? ", charset=\"UTF-8\"" : "";
                response.getHeaders().add(challenge, scheme + " realm=\"" + policy.realm() + '"' + charset);
            }
        });
        walk.refuse(new Failure(outbound ? ProxyError.PROXY_AUTHENTICATION : ProxyError.UNAUTHENTICATED, cause));
    }

    /** Answers as another service has. */
    private void pass(Verdict.Refused answer) {
        ProxyExchange exchange = walk.exchange();
        Response response = walk.response();
        boolean head = HttpMethod.HEAD.is(exchange.getMethod());
        response.reset();
        boolean challenge = exchange.outbound() && answer.status() == HttpStatus.UNAUTHORIZED_401;
        response.setStatus(challenge ? HttpStatus.PROXY_AUTHENTICATION_REQUIRED_407 : answer.status());
        HttpFields.Mutable headers = response.getHeaders()
                .put(exchange.getConnectionMetaData().getConnector().getServer().getDateField())
                .add(answer.fields())
                .put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        if (challenge) {
            headers.put(HttpHeader.PROXY_AUTHENTICATE.asString(), headers.getValuesList(HttpHeader.WWW_AUTHENTICATE));
            headers.remove(HttpHeader.WWW_AUTHENTICATE);
        }
        exchange.edit(response);
        ByteBuffer body = head ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(answer.body());
        response.write(true, body, new Drain(exchange, walk.callback()));
    }
}
