package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * What {@code /explain} says of a request, and what becomes of that request, are one thing: random tables, random
 * requests, one real backend that tells routes apart by their base path.
 */
final class ExplainAgreesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HOSTS =
            List.of("a.test", "b.test", "x.a.test", "y.x.a.test", "*.a.test", "*.x.a.test", "*.test");
    private static final List<String> ASKED = List.of("a.test", "b.test", "x.a.test", "y.x.a.test", "c.test", "other");
    private static final List<String> SEGMENTS = List.of("a", "b", "%61", "a%2Fb", "..", ".", "", "A", "a;x", "%2e%2e");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");

    @RepeatedTest(10)
    void explainsWhatHappens(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        try (Origin origin = Origin.replying(200, "ok");
                ProxyHarness proxy =
                        ProxyHarness.withRoutes(table(random, origin).toString())) {
            for (int i = 0; i < 60; i++) {
                String host = pick(random, ASKED);
                String path = path(random, 5);
                String method = pick(random, METHODS);
                boolean keyed = random.nextBoolean();

                String seen = sent(proxy, origin, host, path, method, keyed);
                JsonNode explained = explained(proxy, host, path, method, keyed);

                String route = explained.path("status").asInt() == 400
                        ? "refused"
                        : explained.get("route").asText("none");
                assertThat(seen)
                        .as("%s %s%s keyed=%s", method, host, path, keyed)
                        .isEqualTo(route);
            }
        }
    }

    private static String sent(
            ProxyHarness proxy, Origin origin, String host, String path, String method, boolean keyed)
            throws Exception {
        RawClient.Response response = proxy.raw(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + (keyed ? "X-Key: k\r\n" : "") + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        if (response.status() == 404) {
            return "none";
        }
        if (response.status() == 400) {
            return "refused";
        }
        assertThat(response.status())
                .as("%s %s: %s", method, path, response.text())
                .isEqualTo(200);
        String target = origin.take().target();
        return target.substring(1, target.indexOf('/', 1));
    }

    private static JsonNode explained(ProxyHarness proxy, String host, String path, String method, boolean keyed)
            throws Exception {
        ObjectNode request = JSON.createObjectNode().put("url", path).put("method", method);
        request.putObject("headers").put("Host", host);
        if (keyed) {
            ((ObjectNode) request.get("headers")).put("X-Key", "k");
        }
        return JSON.readTree(proxy.admin("POST", "/explain", request.toString()).body());
    }

    private static ArrayNode table(Random random, Origin origin) {
        ArrayNode routes = JSON.createArrayNode();
        int count = 3 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            ObjectNode route = routes.addObject().put("id", "r" + i).put("target", origin.url() + "/r" + i);
            if (random.nextInt(4) > 0) {
                route.put("host", pick(random, HOSTS));
            }
            if (random.nextInt(3) > 0) {
                route.put("path", "/" + (random.nextBoolean() ? "a" : "a/b"));
            }
            if (random.nextInt(4) == 0) {
                route.putArray("methods").add(pick(random, METHODS));
            }
            if (random.nextInt(4) == 0) {
                route.putObject("headers").put("X-Key", "k");
            }
            if (random.nextInt(8) == 0) {
                route.put("enabled", false);
            }
        }
        return routes;
    }

    private static String path(Random random, int most) {
        StringBuilder path = new StringBuilder();
        int segments = random.nextInt(most);
        for (int i = 0; i <= segments; i++) {
            path.append('/').append(pick(random, SEGMENTS));
        }
        return path.toString();
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
