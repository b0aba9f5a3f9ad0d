package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a variable holds never gets into what is said about a file that names it. */
class SecretValuesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String WRITTEN = "${SECRET_VALUE}";

    /** What one route is compared with another by. */
    private static final List<String> COMPARED = List.of("id", "host", "path", "methods", "headers", "enabled");

    /** Rules that stand in place of a target. */
    private static final List<String> ANSWERS = List.of("redirect", "respond");

    /** Values that are right or wrong in as many ways as the readers tell apart. */
    private static final List<String> VALUES = List.of(
            "hunter2",
            "hunter2/*",
            "/hunter2",
            "/hunter2/*",
            "/hunter2?a",
            "/hunter2/../x",
            "/hunter2%zz",
            "HUNTER2 /",
            "Hunter2:99999",
            "hunter2.example:80",
            "http://hunter2@x",
            "http://hunter2:99999",
            "http://x/?hunter2#x",
            "ftp://hunter2",
            "[hunter2]",
            "hunter2.html",
            "*.hunter2",
            "11.12.13.14/8",
            "11.12.13.14",
            "479",
            "47999999",
            "479-480",
            "479d",
            "hunter2\n");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeFiles() throws IOException {
        for (String name : List.of("token.txt", "404.html", "z.html")) {
            Files.writeString(folder.resolve(name), "sixteen characters");
        }
    }

    static Stream<String> pointers() throws JsonProcessingException {
        List<String> pointers = new ArrayList<>();
        collect(valid(), "", pointers);
        return pointers.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pointers")
    void noProblemSaysWhatAVariableHolds(String pointer) throws Exception {
        JsonPointer at = JsonPointer.compile(pointer);
        ObjectNode config = valid();
        put(config, at, WRITTEN);
        String whole = config.toString();
        dropFiles(config, at);
        dropRules(config, at);
        String met = config.toString();

        // Each value beside all that any route is compared by; one of them, another for each place, beside all that is
        // said.
        assertSaysNothingOf(VALUES.get(Math.floorMod(pointer.hashCode(), VALUES.size())), whole);
        for (String value : VALUES) {
            assertSaysNothingOf(value, met);
        }
    }

    @Test
    void routesAreComparedByNothingThatIsDropped() throws Exception {
        List<Problem> whole = clash(valid());
        ObjectNode config = valid();
        dropRules(config, JsonPointer.compile("/routes/0/id"));

        assertThat(whole).isNotEmpty();
        assertThat(clash(config)).extracting(Problem::message).isEqualTo(messages(whole));
    }

    /** What is wrong where the last route says the same as the first, and the proxy listens where all of them go. */
    private static List<Problem> clash(ObjectNode config) {
        ArrayNode routes = (ArrayNode) config.at("/routes");
        ObjectNode first = (ObjectNode) routes.get(0);
        ObjectNode last = (ObjectNode) routes.get(routes.size() - 1);
        List.of("id", "host", "path", "methods", "headers").forEach(key -> last.set(key, first.get(key)));
        return new ConfigReader(name -> "set-to-something-long")
                .read(config.toString(), ConfigFormat.JSON, folder.resolve("config.json")).problems().stream()
                        .filter(problem -> problem.pointer().startsWith("/routes/" + (routes.size() - 1) + "/id")
                                || problem.pointer().equals("/routes/" + (routes.size() - 1)))
                        .toList();
    }

    private static List<String> messages(List<Problem> problems) {
        return problems.stream().map(Problem::message).toList();
    }

    /** Takes out what names files, unless it is concerned: to open them and to try keys takes longer than all else. */
    private static void dropFiles(ObjectNode config, JsonPointer at) {
        boolean certificates =
                at.toString().startsWith("/proxy/tls") || at.toString().contains("/clientCertificate");
        if (!certificates) {
            ((ObjectNode) config.at("/proxy")).remove("tls");
            for (JsonNode route : config.at("/routes")) {
                if (route.path("auth") instanceof ObjectNode auth) {
                    auth.remove("clientCertificate");
                }
            }
        }
        if (!at.toString().startsWith("/proxy/admin")) {
            ((ObjectNode) config.at("/proxy/admin")).remove("token");
        }
    }

    /**
     * Leaves the route that {@code at} is in, without the rules beside the one concerned, each of which is read by itself; and of the
     * others what routes are compared by.
     */
    private static void dropRules(ObjectNode config, JsonPointer at) {
        if (!at.toString().startsWith("/security/")) {
            config.remove("security");
        }
        ArrayNode routes = (ArrayNode) config.at("/routes");
        for (int i = 0; i < routes.size(); i++) {
            if (i != routeOf(at)) {
                ((ObjectNode) routes.get(i)).retain(COMPARED).put("target", 3004);
            } else {
                String concerned = at.tail().tail().getMatchingProperty();
                RulesConfig.KEYS.stream()
                        .filter(rule -> !rule.equals(concerned) && !ANSWERS.contains(rule))
                        .forEach(((ObjectNode) routes.get(i))::remove);
            }
        }
    }

    /** -1 where it is in none. */
    private static int routeOf(JsonPointer at) {
        return at.getMatchingProperty().equals("routes") ? at.tail().getMatchingIndex() : -1;
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "479; {'proxy': {'port': '${SECRET_VALUE}'}, 'routes': []}",
                "479; {'proxy': {'port': '${SECRET_VALUE}', 'admin': {'port': '${SECRET_VALUE}'}}, 'routes': []}",
                "479; {'proxy': {'port': '${SECRET_VALUE}'}, 'routes': {'a': '${SECRET_VALUE}'}}",
                "479; {'proxy': {'port': 1, 'admin': {'port': '${SECRET_VALUE}'}},"
                        + " 'routes': {'a': '${SECRET_VALUE}'}}",
                "hunter2; {'routes': [{'id': '${SECRET_VALUE}', 'target': 1}, {'id': '${SECRET_VALUE}', 'target': 2}]}",
                "hunter2; {'routes': [{'id': 'a', 'host': '${SECRET_VALUE}', 'target': 1},"
                        + " {'host': '${SECRET_VALUE}', 'target': 2}]}",
                "hunter2; {'routes': [{'host': '${SECRET_VALUE}', 'target': 1},"
                        + " {'host': '${SECRET_VALUE}', 'target': 2}]}",
                "hunter2; {'routes': [{'host': '${SECRET_VALUE}', 'target': 1},"
                        + " {'id': 'b', 'host': ['x', '${SECRET_VALUE}'], 'target': 2}]}",
                "hunter2; {'routes': [{'path': '/${SECRET_VALUE}', 'target': 1},"
                        + " {'path': '/${SECRET_VALUE}', 'target': 2}]}",
                "hunter2; {'default': {'target': null, 'errorPages': {'404': 'pages/${SECRET_VALUE}.html'}}}",
            })
    void noneSaysItWhereTwoPlacesMeet(String value, String config) {
        List<Problem> problems = assertSaysNothingOf(value, config.replace('\'', '"'));

        assertThat(problems).anySatisfy(problem -> assertThat(problem.message()).doesNotStartWith("missing"));
    }

    /** Without the folder, in whose name of random digits any number may be found, and without the place. */
    private static String said(Problem problem) {
        return (problem.describe("config.json") + problem.value())
                .replace(folder.toString(), "")
                .replace(":" + problem.line() + ":" + problem.column() + " ", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static List<Problem> assertSaysNothingOf(String value, String config) {
        ConfigReader reader = new ConfigReader(name -> name.equals("SECRET_VALUE") ? value : "set");
        List<Problem> problems = reader.read(config, ConfigFormat.JSON, folder.resolve("config.json"))
                .problems();

        assertThat(problems)
                .allSatisfy(
                        problem -> assertThat(said(problem)).doesNotContain("hunter2", "479", "11.12.13", "11.0.0.0"));
        return problems;
    }

    /** With the keys that name files, too. */
    private static ObjectNode valid() throws JsonProcessingException {
        ObjectNode config = (ObjectNode) MAPPER.readTree(ValidConfigs.EVERYTHING);
        ((ObjectNode) config.at("/proxy/admin")).putObject("token").put("file", "token.txt");
        ((ObjectNode) config.at("/default")).putObject("errorPages").put("404", "404.html");
        ((ArrayNode) config.at("/routes"))
                .addObject()
                .put("host", "y")
                .put("path", "/y")
                .put("target", 3005);
        ((ArrayNode) config.at("/routes"))
                .addObject()
                .put("path", "/z")
                .putObject("respond")
                .put("file", "z.html");
        return config;
    }

    private static void collect(JsonNode node, String pointer, List<String> pointers) {
        if (node.isObject()) {
            node.properties()
                    .forEach(member -> collect(member.getValue(), Reading.pointer(pointer, member.getKey()), pointers));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i, pointers);
            }
        } else {
            pointers.add(pointer);
        }
    }

    private static void put(ObjectNode root, JsonPointer at, String text) {
        JsonNode parent = root.at(at.head());
        if (parent instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), array.textNode(text));
        } else {
            ((ObjectNode) parent).put(at.last().getMatchingProperty(), text);
        }
    }
}
