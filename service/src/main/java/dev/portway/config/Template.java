package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A value made per request, taken apart once: text, and names in braces for what a request says. Braces around anything but
 * such a name are text. Immutable.
 *
 * @param parts in order
 * @param shown how it may be shown: as in the file, where a secret may have been put in
 */
public record Template(List<Part> parts, String shown) {

    static final Template EMPTY = new Template(List.of(), "");

    private static final Pattern NAME = Pattern.compile("\\{([a-z]+\\.[A-Za-z0-9_-]+)}");
    private static final String CLAIM = "jwt.";

    /** Shown in place of what may be a secret. */
    static final String HIDDEN = "***";

    public Template {
        parts = List.copyOf(parts);
        requireNonNull(shown, "shown");
    }

    /** Text, or what a request says. */
    public sealed interface Part {}

    public record Text(String text) implements Part {}

    /** A claim of the token that the client was let in with; nothing where there is none. */
    public record Claim(String name) implements Part {}

    /** What a request says. */
    public enum Variable implements Part {
        /** Its address, the forwarded one where the peer is trusted. */
        CLIENT_IP("client.ip"),
        /** {@code http} or {@code https}. */
        CLIENT_SCHEME("client.scheme"),
        ROUTE_ID("route.id"),
        REQUEST_ID("request.id"),
        /** Without the port. */
        REQUEST_HOST("request.host"),
        /** Normalised, with what needs an escape escaped. */
        REQUEST_PATH("request.path"),
        REQUEST_METHOD("request.method"),
        /** Without its question mark; nothing for none. */
        REQUEST_QUERY("request.query"),
        /** Who was let in; nothing where nobody was asked. */
        AUTH_NAME("auth.name");

        private final String written;

        Variable(String written) {
            this.written = written;
        }

        /** As the file has it, without its braces. */
        public String written() {
            return written;
        }
    }

    private static final String EXPECTED = Arrays.stream(Variable.values())
            .map(variable -> '{' + variable.written + '}')
            .collect(Collectors.joining(", ", "", ", {jwt.CLAIM}"));

    /** @param text that {@code at} holds, or is made of it */
    static Template parse(Cursor at, String text) throws InvalidValueException {
        List<Part> parts = new ArrayList<>();
        Matcher names = NAME.matcher(text);
        int end = 0;
        while (names.find()) {
            if (names.start() > end) {
                parts.add(new Text(text.substring(end, names.start())));
            }
            parts.add(variable(names.group(1)));
            end = names.end();
        }
        if (end < text.length()) {
            parts.add(new Text(text.substring(end)));
        }
        String written = at.hasPlaceholder() ? at.written().asText() : text;
        return new Template(parts, at.secret() ? HIDDEN : written);
    }

    private static Part variable(String name) throws InvalidValueException {
        if (name.startsWith(CLAIM)) {
            return new Claim(name.substring(CLAIM.length()));
        }
        for (Variable variable : Variable.values()) {
            if (variable.written.equals(name)) {
                return variable;
            }
        }
        throw new InvalidValueException("has {" + name + "}, which is not known", "of " + EXPECTED);
    }

    /** Without what may be a secret. */
    @Override
    public String toString() {
        return shown;
    }
}
