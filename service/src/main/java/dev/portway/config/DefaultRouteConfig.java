package dev.portway.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What answers where no route matches; the file's {@code default}. Immutable.
 *
 * @param target where such requests go; null for 404
 * @param errorPages a status ({@code 502}) or class ({@code 5xx}) to the file whose content replaces the body of the
 *     proxy's own errors; absolute, resolved against the configuration file's folder
 */
public record DefaultRouteConfig(@Nullable TargetConfig target, Map<String, Path> errorPages) {

    public DefaultRouteConfig {
        errorPages = Map.copyOf(errorPages);
    }

    static final Keys KEYS = Keys.of("target", "errorPages").with("errorPages", Keys.ANY);

    /** A stand-in where the file has no valid one, which was reported. */
    static final DefaultRouteConfig NONE = new DefaultRouteConfig(null, Map.of());

    static DefaultRouteConfig read(Cursor at, Listeners own) throws InvalidValueException {
        Members in = at.members(KEYS);
        TargetConfig target = in.has("target") && isNone(at.member("target"))
                ? null
                : in.get("target", value -> TargetConfig.readShort(value, own));
        if (!in.has("target")) {
            at.member("target").error(missingTarget(at));
        }
        return new DefaultRouteConfig(target, in.get("errorPages", Map.of(), DefaultRouteConfig::readPages));
    }

    /** What to say where {@code default} itself is missing. */
    static String missing(Cursor at) {
        return at.inFormat(
                "missing (add the line: \"default\": { \"target\": null } for no fallback, or a port or URL in place of"
                        + " null)",
                "missing (add the line: default: { target: null } for no fallback, or a port or URL in place of null)",
                "missing (add the lines [default] and target = \"none\" for no fallback, or a port or URL in place of"
                        + " \"none\")");
    }

    private static String missingTarget(Cursor at) {
        return at.inFormat(
                "missing (add the line: \"target\": null for no fallback, or a port or URL in place of null)",
                "missing (add the line: target: null for no fallback, or a port or URL in place of null)",
                "missing (add the line: target = \"none\" for no fallback, or a port or URL in place of \"none\")");
    }

    /** {@code null}, or {@code "none"}, since TOML has no null. */
    private static boolean isNone(Cursor at) {
        return at.node().isNull() || "none".equals(at.node().textValue());
    }

    private static Map<String, Path> readPages(Cursor at) throws InvalidValueException {
        String expected = "{ \"502\": \"pages/502.html\", \"5xx\": \"pages/error.html\" }";
        Map<String, Path> pages = new LinkedHashMap<>();
        for (Cursor page : at.each(expected)) {
            if (!isStatus(page.key())) {
                at.keyError(
                        page.key(),
                        "\"" + page.key()
                                + "\" is not a status of errors (expected: such as \"502\", \"4xx\" or \"5xx\")");
            }
            Path file = page.read(DefaultRouteConfig::readPage);
            if (file != null) {
                pages.put(page.key(), file);
            }
        }
        return pages;
    }

    private static boolean isStatus(String key) {
        boolean status = key.length() == 3 && Ascii.isDigits(key) && (key.charAt(0) == '4' || key.charAt(0) == '5');
        return status || key.equals("4xx") || key.equals("5xx");
    }

    private static Path readPage(Cursor at) throws InvalidValueException {
        String expected = "a file, relative to the configuration's folder";
        Path file = FilePath.permitted(at, expected);
        if (!Files.isRegularFile(file)) {
            throw new InvalidValueException(
                    "is not there", at.hasPlaceholder() ? expected : "a file; looked for " + file);
        }
        if (!Files.isReadable(file)) {
            throw new InvalidValueException(
                    "cannot be read", "a file that this user may read" + (at.hasPlaceholder() ? "" : ": " + file));
        }
        return file;
    }
}
