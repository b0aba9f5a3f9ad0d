package dev.portway.admin;

import dev.portway.api.BackendView;
import dev.portway.api.DroppedLeaseView;
import dev.portway.api.LeaseView;
import dev.portway.api.ProblemEntry;
import dev.portway.api.ReloadView;
import dev.portway.api.StatusView;
import dev.portway.api.TunnelView;
import dev.portway.config.RouteConfig;
import dev.portway.config.RulesConfig;
import dev.portway.observe.RouteTotals;
import dev.portway.routing.Route;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The health page: how the proxy does, for a person in front of a browser. Confined to one thread. */
final class HealthPage {

    private static final int TUNNELS_SHOWN = 50;

    private final PageData data;
    private final PageAssets assets;
    private final HtmlWriter html = new HtmlWriter();
    private final BackendNotes notes;
    private final Map<String, LeaseView> leases; // by id of the route

    HealthPage(PageData data, PageAssets assets) {
        this.data = data;
        this.assets = assets;
        this.notes = new BackendNotes(html, data.now());
        this.leases = data.status().leases().stream().collect(Collectors.toMap(LeaseView::route, Function.identity()));
    }

    String html() {
        Verdict verdict = Verdict.of(data);
        html.open("html", "lang", "en").open("head");
        html.open("meta", "charset", "utf-8");
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.element("title", verdict.title());
        html.open("link", "rel", "icon", "href", verdict.icon());
        html.open("noscript")
                .open("meta", "http-equiv", "refresh", "content", "5")
                .close();
        html.asset("style", assets.css()).close();
        html.open("body");
        header();
        html.open("main");
        html.element("p", verdict.sentence(), "class", "verdict " + verdict.style());
        counts();
        lastReload();
        routes();
        backends();
        tunnels();
        html.close();
        footer();
        html.asset("script", assets.js());
        return html.close().close().document();
    }

    private void header() {
        StatusView status = data.status();
        html.open("header").element("h1", "Portway");
        html.element(
                "p",
                status.version() + ", up for " + Ages.span(Duration.ofSeconds(status.uptimeSeconds())),
                "id",
                "about");
        html.element("p", "Reloading every 5 seconds", "id", "live", "role", "status")
                .close();
    }

    private void counts() {
        html.open("dl", "class", "counts");
        for (Map.Entry<String, Long> count : data.status().responses().entrySet()) {
            boolean any = count.getValue() > 0;
            String style = any && count.getKey().equals("5xx")
                    ? "bad"
                    : any && count.getKey().equals("4xx") ? "some" : "";
            html.open("div", "class", style).element("dt", "Answers " + count.getKey());
            html.element("dd", number(count.getValue())).close();
        }
        html.close();
    }

    private void lastReload() {
        ReloadView reload = data.status().lastReload();
        html.open("section", "aria-labelledby", "configuration");
        html.element("h2", "Configuration", "id", "configuration");
        html.open("div", "class", reload.applied() ? "panel" : "panel failed").open("p");
        html.text(reload.applied() ? "The file was read and applied " : "The file cannot be used. It was read ");
        html.time(reload.at(), data.now());
        html.text(reload.applied() ? "." : "; the routes below are those from before.")
                .close();
        if (!reload.restartNeeded().isEmpty()) {
            html.element("p", "Waiting for a restart: " + String.join(", ", reload.restartNeeded()), "class", "soft");
        }
        for (DroppedLeaseView lease : reload.leasesDropped()) {
            String owner = lease.owner() == null ? "" : " of " + lease.owner();
            html.element(
                    "p", "The lease on " + lease.id() + owner + " ended: " + lease.reason() + ".", "class", "soft");
        }
        problems(reload.errors());
        problems(reload.warnings());
        html.close().close();
    }

    private void problems(List<ProblemEntry> problems) {
        if (problems.isEmpty()) {
            return;
        }
        html.open("ul", "class", "errors");
        for (ProblemEntry problem : problems) {
            String line = problem.line() == null ? "" : "line " + problem.line() + "  ";
            html.open("li").element("code", line + (problem.pointer().isEmpty() ? "the file" : problem.pointer()));
            html.text(problem.message()).close();
        }
        html.close();
    }

    private void routes() {
        List<Route> routes = data.table().routes();
        html.open("section", "aria-labelledby", "routes");
        html.open("h2", "id", "routes")
                .text("Routes ")
                .element("small", number(routes.size()))
                .close();
        if (routes.isEmpty()) {
            noRoutes();
        }
        Route fallback = data.table().defaultRoute();
        if (!routes.isEmpty() || fallback != null) {
            table("Route", "Serves", "Targets", "State", "#Requests", "#Errors", "#p50", "#p99");
            routes.forEach(route -> route(route, false));
            if (fallback != null) {
                route(fallback, true);
            }
            html.close().close().close();
        }
        html.close();
    }

    private void noRoutes() {
        html.open("div", "class", "panel empty").element("p", "There are no routes yet. Add one:");
        html.element(
                "pre",
                "curl localhost:" + data.table().config().proxy().admin().port()
                        + "/routes -d host=web.localhost -d target=3000");
        html.close();
    }

    private void route(Route route, boolean fallback) {
        RouteStatus status = RouteStatus.of(route);
        RouteTotals traffic = data.traffic().get(route.id());
        html.open("tr", "role", "row", "class", fallback ? "rest" : "");
        html.element("th", route.id(), "scope", "row", "role", "rowheader");
        cell("Serves", "");
        if (fallback) {
            html.element("span", "everything else", "class", "soft");
        } else {
            serves(route.config());
        }
        html.close();
        cell("Targets", "").open("ul");
        route.upstream().targets().forEach(this::target);
        answer(route.config().rules());
        html.close().close();
        cell("State", "");
        state(BackendViews.written(status));
        lease(leases.get(route.id()));
        html.close();
        number("Requests", traffic == null ? null : number(traffic.requests()), false);
        number(
                "Errors",
                traffic == null ? null : number(traffic.serverErrors()),
                traffic != null && traffic.serverErrors() > 0);
        number("p50", traffic == null ? null : millis(traffic.medianNanos() / 1e6), false);
        number("p99", traffic == null ? null : millis(traffic.p99Nanos() / 1e6), false);
        html.close();
    }

    private void lease(@Nullable LeaseView lease) {
        if (lease == null) {
            return;
        }
        html.text(" ").element("span", "leased", "class", "state");
        String owner = lease.owner() == null ? "" : "by " + lease.owner() + ", ";
        html.element("p", owner + "for another " + Ages.span(Duration.ofSeconds(lease.secondsLeft())), "class", "why");
    }

    /** What a route does that has no target. */
    private void answer(RulesConfig rules) {
        if (rules.redirect() != null) {
            html.element(
                    "li",
                    rules.redirect().status() + " to " + rules.redirect().to().shown());
        } else if (rules.respond() != null) {
            html.element("li", "answers " + rules.respond().status());
        }
    }

    private void serves(RouteConfig route) {
        html.open("ul");
        for (String host : route.host().isEmpty() ? List.of("") : route.host()) {
            String text = (host.isEmpty() ? "any host" : host) + (route.path().equals("/") ? "" : " " + route.path());
            String url = url(host, route.path());
            html.open("li");
            if (url == null) {
                html.text(text);
            } else {
                html.element("a", text, "href", url, "rel", "noreferrer");
            }
            html.close();
        }
        html.close();
        if (!route.methods().isEmpty() || !route.headers().isEmpty()) {
            String headers = route.headers().isEmpty()
                    ? ""
                    : " with " + String.join(", ", route.headers().keySet());
            html.element("p", (String.join(", ", route.methods()) + headers).strip(), "class", "why");
        }
    }

    /** Where a browser on this machine finds the route; null where that cannot be told. */
    private @Nullable String url(String host, String path) {
        int port = data.table().config().proxy().port();
        if (port == 0 || host.startsWith("*")) {
            return null;
        }
        String name = host.isEmpty() ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "http://" + name + ":" + port + path;
    }

    private void target(Target target) {
        String health = BackendViews.written(target.backend().condition().health());
        html.open("li").open("span", "class", "dot " + health, "title", health).close();
        html.text(target.url().withoutQuery());
        if (target.backend().identity().name() != null) {
            html.element("span", " at " + target.backend().identity().url().authority(), "class", "soft");
        }
        if (!target.enabled() && target.weight() > 0) {
            html.element("span", " takes no requests", "class", "soft");
        }
        if (target.weight() != 1) {
            html.element("span", " weight " + target.weight(), "class", "soft");
        }
        html.close();
    }

    private void backends() {
        html.open("section", "aria-labelledby", "backends");
        html.open("h2", "id", "backends").text("Backends ");
        html.element("small", number(data.backends().size())).close();
        if (data.backends().isEmpty()) {
            html.open("div", "class", "panel empty")
                    .element("p", "No route has a backend.")
                    .close();
        } else {
            table("Backend", "State", "Last change", "Last error", "#In flight", "#Requests", "#Failed", "#Latency");
            data.backends().forEach(this::backend);
            html.close().close().close();
        }
        html.close();
    }

    private void backend(BackendView backend) {
        html.open("tr", "role", "row").element("th", backend.id(), "scope", "row", "role", "rowheader");
        cell("State", "");
        state(backend.health());
        if (backend.state() != null) {
            html.text(" ").element("span", "set to " + backend.state(), "class", "state " + backend.state());
            html.open("p", "class", "why");
            html.text("admin".equals(backend.stateSource()) ? "until restart, " : "by the file, ");
            html.time(backend.stateSince() == null ? backend.since() : backend.stateSince(), data.now());
            html.close();
        }
        notes.ejection(backend.ejection());
        notes.slowStart(backend.slowStart());
        notes.check(backend.check());
        html.close();
        cell("Last change", "");
        notes.lastChange(backend.lastChange());
        html.close();
        BackendView.LastError error = backend.lastError();
        cell("Last error", error == null ? "none" : "");
        if (error != null) {
            html.text(error.message()).open("p", "class", "why");
            html.time(error.at(), data.now());
            html.close();
        }
        html.close();
        number("In flight", number(backend.inFlight()), false);
        number("Requests", number(backend.requests()), false);
        number("Failed", number(backend.failures()), backend.failures() > 0);
        number("Latency", backend.latencyMillis() == null ? null : millis(backend.latencyMillis()), false);
        html.close();
    }

    /** Nothing where there are none; else so many that a page can bear them. */
    private void tunnels() {
        List<TunnelView> tunnels = data.tunnels();
        if (tunnels.isEmpty()) {
            return;
        }
        html.open("section", "aria-labelledby", "tunnels");
        html.open("h2", "id", "tunnels").text("Tunnels ");
        html.element("small", number(tunnels.size())).close();
        table("Tunnel", "Kind", "Route", "To", "Client", "Since", "#Bytes in", "#Bytes out");
        tunnels.stream().limit(TUNNELS_SHOWN).forEach(this::tunnel);
        html.close().close().close();
        if (tunnels.size() > TUNNELS_SHOWN) {
            html.element("p", "The oldest " + TUNNELS_SHOWN + "; GET /tunnels lists them all.", "class", "soft");
        }
        html.close();
    }

    private void tunnel(TunnelView tunnel) {
        html.open("tr", "role", "row").element("th", tunnel.id(), "scope", "row", "role", "rowheader");
        cell("Kind", "").text(tunnel.kind()).close();
        cell("Route", "").text(tunnel.route() == null ? "none" : tunnel.route()).close();
        cell("To", "").text(tunnel.backend()).close();
        cell("Client", "").text(tunnel.client()).close();
        cell("Since", "");
        html.time(tunnel.since(), data.now());
        html.close();
        number("Bytes in", number(tunnel.bytesIn()), false);
        number("Bytes out", number(tunnel.bytesOut()), false);
        html.close();
    }

    private void footer() {
        html.open("footer").open("nav", "aria-label", "More");
        for (String path : List.of(
                "/status",
                "/routes",
                "/backends",
                "/tunnels",
                "/exchanges",
                "/history",
                "/healthcheck",
                "/metrics",
                "/prometheus",
                "/threads",
                "/openapi.json",
                "/schema/config.json")) {
            html.element("a", path, "href", path);
        }
        html.close().close();
    }

    /** Begins a table and its body; a heading with # is of numbers. Roles, since narrow screens show rows as cards. */
    private void table(String... headings) {
        html.open("div", "class", "sheet").open("table", "role", "table");
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        for (String heading : headings) {
            boolean number = heading.startsWith("#");
            html.element(
                    "th",
                    number ? heading.substring(1) : heading,
                    "scope",
                    "col",
                    "role",
                    "columnheader",
                    "class",
                    number ? "number" : "");
        }
        html.close().close().open("tbody", "role", "rowgroup");
    }

    private HtmlWriter cell(String label, String style) {
        return html.open("td", "role", "cell", "data-label", label, "class", style);
    }

    private void number(String label, @Nullable String text, boolean bad) {
        cell(label, text == null ? "number none" : bad ? "number bad" : "number")
                .text(text == null ? "" : text);
        html.close();
    }

    private void state(String state) {
        html.element("span", state, "class", "state " + state);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String millis(double millis) {
        return millis < 10
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : millis < 10_000
                        ? String.format(Locale.ROOT, "%.0f ms", millis)
                        : String.format(Locale.ROOT, "%.1f s", millis / 1_000);
    }
}
