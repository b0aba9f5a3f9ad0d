package dev.portway.policy.transform;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.config.QueryEditsConfig;
import dev.portway.config.RequestConfig;
import dev.portway.config.Template;
import dev.portway.exchange.ProxyExchange;
import dev.portway.policy.Values;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of the query of a request; parameters that no rule names stay byte for byte. Immutable. */
final class QueryEdits {

    private final boolean forward;
    private final QueryEditsConfig rule;

    QueryEdits(RequestConfig request) {
        this.forward = request.forwardQuery();
        this.rule = request.query();
    }

    boolean changes() {
        return !forward || !rule.isEmpty();
    }

    /** @param query of the client; null for none, as in the result */
    @Nullable
    String apply(ProxyExchange exchange, @Nullable String query) {
        String own = forward ? query : null;
        if (rule.isEmpty()) {
            return own;
        }
        Map<String, String> set = new LinkedHashMap<>();
        for (Map.Entry<String, Template> parameter : rule.set().entrySet()) {
            set.put(parameter.getKey(), Values.of(parameter.getValue(), exchange));
        }
        List<String> parameters = new ArrayList<>();
        for (String parameter : own == null || own.isEmpty() ? List.<String>of() : List.of(own.split("&", -1))) {
            String name = nameOf(parameter);
            if (!rule.remove().contains(name) && !set.containsKey(name)) {
                parameters.add(parameter);
            }
        }
        set.forEach((name, value) -> parameters.add(escaped(name) + '=' + escaped(value)));
        return parameters.isEmpty() ? null : String.join("&", parameters);
    }

    /** As backends read it; a broken escape is itself. */
    private static String nameOf(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        try {
            return URLDecoder.decode(name, UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
