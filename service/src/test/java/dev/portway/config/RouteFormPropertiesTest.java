package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random writes to randomly spaced files of both forms: of all but the route concerned, every character stays. */
class RouteFormPropertiesTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonPointer ROUTES = JsonPointer.compile("/routes");

    @Property(tries = 300)
    void everyCharacterOutsideTheRouteStays(@ForAll long seed, @ForAll boolean list) throws Exception {
        Random dice = new Random(seed);
        ConfigDocument document = document(new RandomJson(dice).write(file(dice, list)));
        assertThat(document.read().errors()).isEmpty();

        for (int i = 0; i < 10; i++) {
            List<WrittenRoute> routes = document.read().routes();
            int choice = routes.isEmpty() ? 0 : dice.nextInt(3);
            String id = choice == 0
                    ? "new" + i
                    : routes.get(dice.nextInt(routes.size())).id();
            ConfigDocument before = document;

            document = document(edited(before, choice, id, dice).text());

            assertThat(document.read().errors()).as(document.text()).isEmpty();
            assertThat(document.route(id).isPresent()).isEqualTo(choice != 2);
            assertThat(spelled(document, id)).isEqualTo(spelled(before, id));
            assertThat(around(document)).isEqualTo(around(before));
        }
    }

    private static RouteDraft edited(ConfigDocument document, int choice, String id, Random dice) throws Exception {
        if (choice == 0) {
            ObjectNode route = NODES.objectNode().put("host", id).put("target", port(dice));
            return document.adding(List.of(route.put("enabled", dice.nextBoolean())));
        }
        WrittenRoute route = document.route(id).orElseThrow();
        if (choice == 2) {
            return document.removing(route);
        }
        ObjectNode next = route.json().deepCopy();
        next.remove(List.of("target", "targets"));
        next.put("target", port(dice)).put("enabled", dice.nextBoolean());
        return document.replacing(route, next);
    }

    /** Every route but one as it is written, by id, member names included. */
    private static Map<String, String> spelled(ConfigDocument document, String except) throws IOException {
        JsonSpan root = JsonSpan.parse(document.text());
        Map<String, String> spelled = new HashMap<>();
        for (WrittenRoute route : document.read().routes()) {
            JsonSpan span = requireNonNull(root.at(JsonPointer.compile(route.pointer())));
            if (!route.id().equals(except)) {
                spelled.put(route.id(), document.text().substring(span.from(), span.end()));
            }
        }
        return spelled;
    }

    /** What stands before and behind the routes. */
    private static List<String> around(ConfigDocument document) throws IOException {
        JsonSpan routes = requireNonNull(JsonSpan.parse(document.text()).at(ROUTES));
        return List.of(
                document.text().substring(0, routes.start() + 1),
                document.text().substring(routes.end() - 1));
    }

    private static ObjectNode file(Random dice, boolean list) {
        ObjectNode file = NODES.objectNode();
        file.putObject("proxy").put("port", 8080);
        if (list) {
            ArrayNode routes = file.putArray("routes");
            for (int i = dice.nextInt(6); i > 0; i--) {
                routes.add(value(dice).put("host", "h" + i));
            }
        } else {
            ObjectNode routes = file.putObject("routes");
            for (int i = dice.nextInt(6); i > 0; i--) {
                String key = dice.nextBoolean() ? "h" + i : "h" + i + "/p";
                routes.set(key, dice.nextBoolean() ? value(dice) : NODES.numberNode(port(dice)));
            }
        }
        file.putObject("default").putNull("target");
        return file;
    }

    private static ObjectNode value(Random dice) {
        ObjectNode route = NODES.objectNode();
        if (dice.nextBoolean()) {
            route.putObject("metadata")
                    .put("note", "\uD83D\uDE00 \"x\"")
                    .putArray("list")
                    .add(1.50)
                    .addNull();
        }
        if (dice.nextBoolean()) {
            return route.put("target", port(dice));
        }
        route.putArray("targets").add(port(dice)).add("http://127.0.0.1:" + port(dice));
        return route;
    }

    private static int port(Random dice) {
        return 10_000 + dice.nextInt(50_000);
    }

    private static ConfigDocument document(String text) {
        ReadResult read = new ConfigReader(name -> null).read(text, ConfigFormat.JSON, Path.of("config.json"));
        return new ConfigDocument(text, ConfigFormat.JSON, read);
    }
}
