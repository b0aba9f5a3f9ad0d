package dev.portway.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The methods that a request asks its backend to take for its own: many frameworks heed a field, or a parameter of the query,
 * in place of what the request line says. What a form's body says is not seen. Confined.
 */
public final class MethodOverrides {

    /** As backends have them that make variables of names: without case, any sign as the same. */
    private static final Set<String> FIELDS = Set.of("x_http_method_override", "x_http_method", "x_method_override");

    private static final String PARAMETER = "_method";
    private static final CharMatcher SIGNS =
            CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('0', '9')).negate();
    private static final Splitter METHODS = Splitter.on(',').trimResults().omitEmptyStrings();
    private static final Splitter PARAMETERS = Splitter.on('&');

    private final Set<String> methods = new TreeSet<>();

    /** Looks at one field of the request. */
    public void field(String name, @Nullable String value) {
        boolean likely = !name.isEmpty() && (name.charAt(0) | 0x20) == 'x';
        if (likely && value != null && FIELDS.contains(folded(name))) {
            add(value);
        }
    }

    /** Looks at its query. */
    public void query(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String pair : PARAMETERS.split(query)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && folded(decoded(pair.substring(0, equals)).strip()).equals(PARAMETER)) {
                add(decoded(pair.substring(equals + 1)));
            }
        }
    }

    /** What was found, in capitals. */
    public Set<String> found() {
        return methods;
    }

    private void add(String value) {
        METHODS.split(CharMatcher.javaIsoControl().removeFrom(value))
                .forEach(method -> methods.add(method.toUpperCase(Locale.ROOT)));
    }

    private static String folded(String name) {
        return SIGNS.replaceFrom(name.toLowerCase(Locale.ROOT), '_');
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }
}
