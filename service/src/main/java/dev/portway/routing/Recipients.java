package dev.portway.routing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.HealthConfig;
import dev.portway.config.Problem;
import dev.portway.config.Resolve;
import dev.portway.config.RouteConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import dev.portway.config.WrittenRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who gets what a route of the file keeps in placeholders and files. Its author chose them; nobody else may choose others for
 * the same secrets. Immutable.
 *
 * @param written the route
 * @param all in the order of the file; none where the route answers itself
 */
record Recipients(WrittenRoute written, List<Recipient> all) {

    /** What a check tells: the route's, of which a target's own takes the port where it has none, or the target's own. */
    private static final Pattern OF_A_CHECK = Pattern.compile("(/targets/[0-9]+)?/health/.*");

    private static final JsonPointer PORT = JsonPointer.compile("/health/port");

    Recipients {
        requireNonNull(written, "written");
        all = List.copyOf(all);
    }

    /**
     * A target, as it is found and as it is known.
     *
     * @param tls as the file has it, since what its files hold may change; a missing node for none
     * @param checkPort that is asked whether it is well; 0 for its own
     * @param hostHeader which may say whose of several sites at one address it is
     */
    record Recipient(
            TargetUrl url,
            Resolve resolve,
            JsonNode tls,
            int checkPort,
            @Nullable String hostHeader) {

        /** Whether it is shown a certificate of the proxy's own. */
        boolean seesCertificate() {
            return tls.has("certificate");
        }

        boolean isSameAs(Recipient other, boolean checked) {
            return url.equals(other.url)
                    && resolve == other.resolve
                    && tls.equals(other.tls)
                    && Objects.equals(hostHeader, other.hostHeader)
                    && (!checked || checkPort == other.checkPort);
        }
    }

    /** Those of a route of a document without errors. */
    static Recipients of(ConfigDocument document, WrittenRoute written) {
        RouteConfig route = InForce.configOf(document).routes().stream()
                .filter(config -> config.id().equals(written.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no route \"" + written.id() + "\" where one is written"));
        List<Recipient> all = new ArrayList<>();
        for (int i = 0; i < route.targets().size(); i++) {
            TargetConfig target = route.targets().get(i);
            HealthConfig health = target.health() == null ? route.health() : target.health();
            all.add(new Recipient(
                    target.url(),
                    target.resolve(),
                    written.tls(i),
                    health == null ? 0 : health.port(),
                    route.hostHeader()));
        }
        return new Recipients(written, all);
    }

    /** What is wrong with these after an edit, if a secret of the file would go to one that was not among those before. */
    List<Problem> strangersTo(Recipients before) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Recipient recipient = all.get(i);
            List<String> placeholders = written.sentPlaceholders(i, recipient.url);
            boolean checked = recipient.seesCertificate()
                    || placeholders.stream()
                            .anyMatch(pointer -> OF_A_CHECK.matcher(pointer).matches());
            boolean told = !placeholders.isEmpty() || recipient.seesCertificate();
            if (told && before.all.stream().noneMatch(other -> recipient.isSameAs(other, checked))) {
                String message = placeholders.isEmpty()
                        ? "shows the client certificate of the file to somebody else (expected: the backend as it is, or no"
                                + " certificate beside it; the author may say it in the file itself)"
                        : "sends what the file keeps at " + placeholders.get(0)
                                + " to somebody else (expected: the backend as it is, or another value there in the same"
                                + " body, or none; the author may say it in the file itself)";
                problems.add(new Problem(Problem.Severity.ERROR, changed(i, before), null, message, 0, 0));
            }
        }
        return problems;
    }

    /** Where it says what makes it another than it was. */
    private String changed(int index, Recipients before) {
        Recipient recipient = all.get(index);
        JsonNode target = written.json().path("targets").path(index);
        String at = written.json().has("target") ? "/target" : "/targets/" + index;
        Recipient same = before.all.stream()
                .filter(other -> other.url.equals(recipient.url))
                .findFirst()
                .orElse(null);
        if (same == null) {
            return target.isObject() ? at + "/url" : at;
        }
        if (!Objects.equals(same.hostHeader, recipient.hostHeader)) {
            return "/hostHeader";
        }
        if (same.resolve != recipient.resolve) {
            return target.has("resolve") ? at + "/resolve" : at;
        }
        if (!same.tls.equals(recipient.tls)) {
            return target.has("tls") ? at + "/tls" : "/tls";
        }
        boolean ownPort = target.path("health").has("port");
        if (!ownPort && !written.json().at(PORT).equals(before.written.json().at(PORT))) {
            return "/health";
        }
        return target.has("health") ? at + "/health" : at;
    }
}
