package dev.portway.policy;

import static java.util.Objects.requireNonNull;

import dev.portway.config.Template;
import dev.portway.exchange.Identity;
import dev.portway.exchange.ProxyExchange;
import org.jspecify.annotations.Nullable;

/** Values that are made per request. */
public final class Values {

    private Values() {}

    /** What {@code template} says of the request of {@code exchange}; what a client has sent breaks no line. */
    public static String of(Template template, ProxyExchange exchange) {
        if (template.parts().size() == 1) {
            return part(template.parts().get(0), exchange);
        }
        StringBuilder value = new StringBuilder();
        for (Template.Part part : template.parts()) {
            value.append(part(part, exchange));
        }
        return value.toString();
    }

    private static String part(Template.Part part, ProxyExchange exchange) {
        if (part instanceof Template.Text text) {
            return text.text();
        }
        String value = part instanceof Template.Claim claim
                ? claim(exchange.identity(), claim.name())
                : value((Template.Variable) part, exchange);
        return printable(value);
    }

    private static String name(@Nullable Identity identity) {
        return identity == null ? "" : identity.name();
    }

    private static String claim(@Nullable Identity identity, String name) {
        return identity == null ? "" : orEmpty(identity.claim(name));
    }

    private static String value(Template.Variable variable, ProxyExchange exchange) {
        return switch (variable) {
            case CLIENT_IP -> exchange.client().address();
            case CLIENT_SCHEME -> exchange.client().scheme();
            case ROUTE_ID -> requireNonNull(exchange.route()).id();
            case REQUEST_ID -> exchange.requestId();
            case REQUEST_HOST -> bracketed(exchange.host());
            case REQUEST_PATH -> exchange.path().equals("*") ? "/" : exchange.path();
            case REQUEST_METHOD -> exchange.getMethod();
            case REQUEST_QUERY -> orEmpty(exchange.getHttpURI().getQuery());
            case AUTH_NAME -> name(exchange.identity());
        };
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Without control characters, whatever may have let them through. */
    private static String printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return value.replaceAll("\\p{Cntrl}", "");
            }
        }
        return value;
    }
}
