package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a request is on its way to the backend; the {@code rewrite} of a route. Done in the order of the
 * components. Immutable.
 *
 * @param stripPrefix taken off, on segment boundaries; {@link #OWN_PATH} for the route's own; null for none
 * @param pattern a regular expression of RE2, whose first match is replaced; null for none
 * @param to what it is replaced with, {@code $1} for a group
 * @param addPrefix put before it; null for none
 * @param repair whether what the backend says of its own paths and hosts is put right in responses
 */
public record RewriteConfig(
        @Nullable String stripPrefix,
        @Nullable String pattern,
        String to,
        @Nullable String addPrefix,
        boolean repair) {

    /** For {@code "stripPrefix": true}. */
    public static final String OWN_PATH = "true";

    /** Nothing is rewritten; what has to be put right is, nevertheless. */
    public static final RewriteConfig NONE = new RewriteConfig(null, null, "", null, true);

    public RewriteConfig {
        requireNonNull(to, "to");
    }

    static final Keys KEYS = Keys.of("stripPrefix", "pattern", "to", "addPrefix", "repair");

    private static final int MAX_PATTERN = 500;
    private static final String EXPECTED_PATTERN = "a regular expression such as \"^/old/(.*)\"";
    private static final String EXPECTED_TO = "a path such as \"/new/$1\"";

    static RewriteConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        if (in.has("pattern") != in.has("to")) {
            String missing = in.has("pattern") ? "to" : "pattern";
            at.member(missing)
                    .error("missing (expected: " + (in.has("pattern") ? EXPECTED_TO : EXPECTED_PATTERN) + ")");
        }
        String pattern = in.get("pattern", RewriteConfig::readPattern);
        int groups = pattern == null ? 9 : Pattern.compile(pattern).groupCount();
        return new RewriteConfig(
                in.get("stripPrefix", Optional.<String>empty(), RewriteConfig::readStripPrefix)
                        .orElse(null),
                pattern,
                in.get("to", "", to -> readTo(to, groups)),
                in.get("addPrefix", PathPrefix::read),
                in.get("repair", true, Cursor::bool));
    }

    private static Optional<String> readStripPrefix(Cursor at) throws InvalidValueException {
        if (!at.node().isBoolean()) {
            return Optional.of(PathPrefix.read(at));
        }
        return at.node().booleanValue() ? Optional.of(OWN_PATH) : Optional.empty();
    }

    private static String readPattern(Cursor at) throws InvalidValueException {
        String pattern = at.text("a regular expression", EXPECTED_PATTERN);
        if (pattern.length() > MAX_PATTERN) {
            throw new InvalidValueException("is too long", "at most " + MAX_PATTERN + " characters");
        }
        try {
            Pattern.compile(pattern);
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new InvalidValueException(
                    "is not a regular expression of RE2: " + e.getDescription(), EXPECTED_PATTERN);
        }
    }

    private static String readTo(Cursor at, int groups) throws InvalidValueException {
        String to = at.text("a path", EXPECTED_TO);
        if (!to.startsWith("/") && !to.startsWith("$")) {
            throw new InvalidValueException("is not a path", EXPECTED_TO);
        }
        if (!to.chars().allMatch(c -> c > ' ' && c < 0x7F && "?#\"<>\\^`{|}".indexOf(c) < 0)) {
            throw new InvalidValueException(
                    "has a character that a path cannot have", EXPECTED_TO + ", such characters escaped");
        }
        for (int i = to.indexOf('$'); i >= 0; i = to.indexOf('$', i + 1)) {
            int group = i + 1 < to.length() ? to.charAt(i + 1) - '0' : -1;
            if (group < 0 || group > Math.min(9, groups)) {
                throw new InvalidValueException(
                        "names a group that the pattern does not have", "$0.." + Math.min(9, groups));
            }
        }
        return to;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (OWN_PATH.equals(stripPrefix)) {
            json.put("stripPrefix", true);
        } else {
            json.put("stripPrefix", stripPrefix);
        }
        if (pattern != null) {
            json.put("pattern", pattern).put("to", to);
        }
        return json.put("addPrefix", addPrefix).put("repair", repair);
    }
}
