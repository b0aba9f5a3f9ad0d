package dev.portway.admin;

import dev.portway.api.BackendView;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the health page says of a backend in words. Confined to one thread. */
final class BackendNotes {

    private final HtmlWriter html;
    private final Instant now;

    BackendNotes(HtmlWriter html, Instant now) {
        this.html = html;
        this.now = now;
    }

    void check(BackendView.@Nullable Check check) {
        if (check == null) {
            return;
        }
        String checked = check.path() == null
                ? "checked by a TCP connection"
                : "checked by " + check.method() + " " + check.path() + (check.note() == null ? "" : ", until restart");
        html.element("p", checked, "class", "why");
    }

    void lastChange(BackendView.Change change) {
        html.text(change.to() + " ");
        html.time(change.at(), now);
        String by = switch (change.by()) {
            case "configuration" -> "by the file";
            case "api" -> "by the admin API";
            default -> "by " + change.by();
        };
        html.element("p", change.reason() == null ? by : by + ": " + change.reason(), "class", "why");
    }

    void slowStart(BackendView.@Nullable SlowStart slowStart) {
        if (slowStart == null) {
            return;
        }
        String share = "starting: " + Math.round(slowStart.share() * 100) + " % of its share, all of it in "
                + Ages.span(Duration.between(now, slowStart.until()));
        html.element("p", share, "class", "why");
    }

    void ejection(BackendView.@Nullable Ejection ejection) {
        if (ejection == null) {
            return;
        }
        Instant until = ejection.until();
        html.text(" ").element("span", ejection.phase(), "class", "state drain");
        html.open("p", "class", "why").text(ejection.reason());
        if (until != null) {
            html.text("; tried again in " + Ages.span(Duration.between(now, until)));
        }
        html.close();
    }
}
