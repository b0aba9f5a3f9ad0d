package dev.portway.policy.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.portway.config.AnswerFile;
import dev.portway.config.RedirectConfig;
import dev.portway.config.RespondConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.Template;
import dev.portway.exchange.Drain;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Policy;
import dev.portway.policy.PolicyWalk;
import dev.portway.policy.Values;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Answers on a route that has no target: with a redirect, or with what its configuration says. Immutable. */
public final class AnswerPolicy implements Policy {

    private static final String TEXT = "text/plain;charset=utf-8";

    private final @Nullable RedirectConfig redirect;
    private final int status;
    private final ByteBuffer body; // read-only
    private final @Nullable String contentType; // null where there is no body
    private final Map<String, Template> headers;

    private AnswerPolicy(RedirectConfig redirect) {
        this.redirect = redirect;
        this.status = redirect.status();
        this.body = ByteBuffer.allocate(0);
        this.contentType = null;
        this.headers = Map.of();
    }

    private AnswerPolicy(RespondConfig respond) {
        AnswerFile file = respond.file();
        this.redirect = null;
        this.status = respond.status();
        this.body = file == null ? ByteBuffer.wrap(respond.body().getBytes(UTF_8)) : file.content();
        this.contentType = file != null ? typeOf(file.name()) : body.hasRemaining() ? TEXT : null;
        this.headers = respond.headers();
    }

    private static String typeOf(String name) {
        String type = MimeTypes.DEFAULTS.getMimeByExtension(name);
        if (type == null) {
            return "application/octet-stream";
        }
        return type.startsWith("text/") ? type + ";charset=utf-8" : type;
    }

    /** The answer of {@code route}; null where a backend has it. */
    public static @Nullable Policy of(RouteConfig route) {
        RedirectConfig redirect = route.rules().redirect();
        if (redirect != null) {
            return new AnswerPolicy(redirect);
        }
        RespondConfig respond = route.rules().respond();
        return respond == null ? null : new AnswerPolicy(respond);
    }

    @Override
    public void apply(PolicyWalk walk) {
        ProxyExchange exchange = walk.exchange();
        Response response = walk.response();
        HttpFields.Mutable fields = response.getHeaders();
        response.setStatus(status);
        fields.put(exchange.getConnectionMetaData().getConnector().getServer().getDateField());
        if (redirect != null) {
            fields.put(HttpHeader.LOCATION, location(redirect.to(), exchange));
        }
        if (contentType != null) {
            fields.put(HttpHeader.CONTENT_TYPE, contentType);
        }
        headers.forEach((name, value) -> fields.put(name, Values.of(value, exchange)));
        if (status != HttpStatus.NO_CONTENT_204 && status != HttpStatus.NOT_MODIFIED_304) {
            fields.put(HttpHeader.CONTENT_LENGTH, body.remaining());
        }
        exchange.edit(response);
        response.write(true, body.duplicate(), new Drain(exchange, walk.callback()));
    }

    /** A path stays on this host, however many slashes a client begins its own with; {@code ?} without a query goes. */
    private static String location(Template to, ProxyExchange exchange) {
        String location = requireNonNull(Values.of(to, exchange));
        if (location.startsWith("/")) {
            int begin = 0;
            while (begin < location.length() && (location.charAt(begin) == '/' || location.charAt(begin) == '\\')) {
                begin++;
            }
            location = '/' + location.substring(begin);
        }
        return location.endsWith("?") ? location.substring(0, location.length() - 1) : location;
    }
}
