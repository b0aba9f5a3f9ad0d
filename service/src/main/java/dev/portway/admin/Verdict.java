package dev.portway.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The state of the whole in one sentence. Immutable.
 *
 * @param style {@code up}, {@code warn} or {@code down}
 * @param sentence for the head of the page
 */
record Verdict(String style, String sentence) {

    static Verdict of(PageData data) {
        if (!data.status().lastReload().applied()) {
            return new Verdict("down", "The configuration file has errors; the routes from before are still served.");
        }
        List<String> down = data.table().routes().stream()
                .filter(route -> RouteStatus.of(route) == RouteStatus.DOWN)
                .map(route -> route.id())
                .toList();
        if (!down.isEmpty()) {
            return new Verdict("down", (down.size() == 1 ? "Route " : "Routes ") + listed(down) + " cannot be served.");
        }
        List<String> ill = data.backends().stream()
                .filter(backend -> backend.health().equals("down"))
                .map(backend -> backend.id())
                .toList();
        if (!ill.isEmpty()) {
            return new Verdict(
                    "warn",
                    (ill.size() == 1 ? "Backend " : "Backends ")
                            + listed(ill)
                            + (ill.size() == 1 ? " is down." : " are down."));
        }
        return new Verdict(
                "up", data.table().routes().isEmpty() ? "Ready for the first route." : "Everything is fine.");
    }

    /** For the browser's tab. */
    String title() {
        return style.equals("up") ? "Portway" : "Portway: " + sentence;
    }

    /** A dot in the colour of the state, as a data URL. */
    String icon() {
        String colour = style.equals("up") ? "#1a9c5b" : style.equals("warn") ? "#d99a1c" : "#d0362d";
        String svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='6' fill='"
                + colour + "'/></svg>";
        return "data:image/svg+xml,"
                + URLEncoder.encode(svg, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String listed(List<String> names) {
        return names.size() <= 3
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 3)) + " and " + (names.size() - 3) + " more";
    }
}
