package dev.portway.exchange;

import com.google.common.html.HtmlEscapers;
import dev.portway.exchange.ErrorAnswer.Detail;
import org.jspecify.annotations.Nullable;

/** The proxy's own errors as pages for people, each whole in itself. */
final class ErrorPage {

    /**
     * Asks for the page by HEAD, which the proxy holds until something listens, and loads it as soon as the answer is not the
     * proxy's own. Where scripts are off, or not allowed here, it is loaded every ten seconds.
     */
    private static final String RELOADING = """
            <meta http-equiv="refresh" content="10">
            <script>
            (function look() {
              fetch(location.pathname + location.search, { method: 'HEAD', cache: 'no-store', redirect: 'manual' })
                .then(function (answer) {
                  var own = /^portway; error=/.test(answer.headers.get('Proxy-Status') || '');
                  if (own && answer.status >= 502 && answer.status <= 504) throw answer;
                  location.reload();
                })
                .catch(function () { setTimeout(look, 1000); });
            })();
            </script>
            """;

    private ErrorPage() {}

    static String of(ErrorAnswer answer) {
        String title = ErrorResponder.title(answer);
        return page(title, "", "<h1>" + title + "</h1>" + details(answer));
    }

    /** One that goes away by itself. */
    static String reloading(ErrorAnswer answer) {
        String title = "Waiting for the service";
        return page(
                title,
                RELOADING,
                "<h1>" + title + "</h1><p>This page loads itself as soon as the service answers.</p>"
                        + details(answer));
    }

    private static String page(String title, String head, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                :root { color-scheme: light dark; }
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; }
                h1 { font-size: 1.5rem; font-weight: 600; }
                .advice { border-left: 3px solid #d97706; padding-left: 1rem; }
                dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; font-size: .875rem; opacity: .8; }
                dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
                </style>
                %s</head>
                <body>%s</body>
                </html>
                """.formatted(title, head, body);
    }

    private static String details(ErrorAnswer answer) {
        StringBuilder rows = new StringBuilder();
        Detail detail = answer.detail();
        if (detail != null) {
            rows.append("<p>").append(escaped(sentence(detail.cause()))).append("</p>");
            if (detail.advice() != null) {
                rows.append("<p class=\"advice\">")
                        .append(escaped(sentence(detail.advice())))
                        .append("</p>");
            }
            rows.append("<dl>");
            row(rows, "Route", detail.route());
            row(rows, "Target", detail.target());
        } else {
            rows.append("<dl>");
        }
        row(rows, "Request", answer.requestId());
        return rows.append("</dl>").toString();
    }

    private static void row(StringBuilder rows, String name, @Nullable String value) {
        if (value != null) {
            rows.append("<dt>")
                    .append(name)
                    .append("</dt><dd>")
                    .append(escaped(value))
                    .append("</dd>");
        }
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static String escaped(String text) {
        return HtmlEscapers.htmlEscaper().escape(text);
    }
}
