package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Where a route sends clients instead of having a target; its {@code redirect}. Immutable.
 *
 * @param to a URL, or a path on the same host
 * @param status 301, 302, 303, 307 or 308
 */
public record RedirectConfig(Template to, int status) {

    public RedirectConfig {
        requireNonNull(to, "to");
    }

    static final Keys KEYS = Keys.of("to", "status");

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final int DEFAULT_STATUS = 308;
    private static final String EXPECTED =
            "a URL such as \"https://new.example{request.path}\", or a path such as \"/new\"";

    static RedirectConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        Template to = in.require("to", EXPECTED, RedirectConfig::readTo);
        return new RedirectConfig(
                to == null ? Template.EMPTY : to, in.get("status", DEFAULT_STATUS, RedirectConfig::readStatus));
    }

    private static Template readTo(Cursor at) throws InvalidValueException {
        String text = at.text("a URL", EXPECTED);
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '\\' && c != '"')) {
            throw new InvalidValueException("has a character that a URL cannot have", EXPECTED);
        }
        Template to = Template.parse(at, text);
        boolean path = text.startsWith("{request.path}") || (text.startsWith("/") && !text.startsWith("//"));
        boolean url = text.startsWith("http://") || text.startsWith("https://");
        if (!path && !url) {
            throw new InvalidValueException("is neither a URL nor a path", EXPECTED);
        }
        if (url && !hostIsSafe(to)) {
            throw new InvalidValueException(
                    "lets a client say the host", "in the host no more than {request.host}, and a slash behind it");
        }
        return to;
    }

    /** Whether nothing that a client may choose freely gets into the host: it would redirect to any. */
    private static boolean hostIsSafe(Template to) {
        boolean scheme = true;
        for (Template.Part part : to.parts()) {
            if (part instanceof Template.Text text) {
                String rest = scheme ? text.text().substring(text.text().indexOf("//") + 2) : text.text();
                if (rest.indexOf('/') >= 0 || rest.indexOf('?') >= 0 || rest.indexOf('#') >= 0) {
                    return true;
                }
            } else if (part == Template.Variable.REQUEST_PATH) {
                return true; // begins with a slash
            } else if (part != Template.Variable.REQUEST_HOST) {
                return false;
            }
            scheme = false;
        }
        return true;
    }

    private static int readStatus(Cursor at) throws InvalidValueException {
        int status = at.integer(300, 399, "a status of redirects");
        if (!STATUSES.contains(status)) {
            throw new InvalidValueException("is not a status of redirects", "301, 302, 303, 307 or 308");
        }
        return status;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("to", to.shown()).put("status", status);
    }
}
