package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules are shown with the placeholders of the file, never with what those stand for. */
class UnreadRulesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What is not shown at all. */
    private static final List<String> LEFT_OUT = List.of("/secret", "/keys/ci", "/keys/b");

    @Test
    void everyTextOfARuleIsShownAsItIsWritten() throws Exception {
        for (String section : List.of("/routes", "/security")) {
            ObjectNode config = (ObjectNode) MAPPER.readTree(ValidConfigs.EVERYTHING);
            Map<String, String> environment = new HashMap<>(ValidConfigs.ENVIRONMENT);
            Map<String, String> leaves = new LinkedHashMap<>();
            for (String pointer : texts(config.at(section), section)) {
                JsonPointer at = JsonPointer.compile(pointer);
                String name = "LEAF_" + leaves.size() + "_";
                leaves.put(pointer, "${" + name + "}");
                environment.put(name, config.at(at).textValue());
                put(config, at, "${" + name + "}");
            }
            ConfigReader reader = new ConfigReader(environment::get);

            String shown = rules(reader.read(config.toString(), ConfigFormat.JSON, Path.of("config.json")))
                    .toString();

            assertThat(leaves).hasSizeGreaterThan(section.equals("/routes") ? 80 : 2);
            leaves.forEach((pointer, leaf) -> {
                if (LEFT_OUT.stream().anyMatch(pointer::endsWith)) {
                    assertThat(shown).as(pointer).doesNotContain(leaf);
                } else {
                    assertThat(shown).as(pointer).contains(leaf);
                }
            });
        }
    }

    @Test
    void aRuleOfAnotherFormIsShownAsItIsWritten() throws Exception {
        String route = "{ 'rateLimit': { 'requests': '${N}', 'per': '1s' }, 'auth': { 'jwt': {"
                + " 'secret': '${SECRET}', 'audience': '${AUDIENCE}', 'claims': { 'a': 'x', 'b': ['y', '${CLAIM}'] } } } }";

        JsonNode rules = read(route, "false");

        assertThat(rules.at("/rateLimit").toString()).isEqualTo("{\"requests\":\"${N}\",\"per\":\"1s\"}");
        assertThat(rules.at("/auth/jwt/audience").asText()).isEqualTo("${AUDIENCE}");
        assertThat(rules.at("/auth/jwt/claims").toString()).isEqualTo("{\"a\":[\"x\"],\"b\":[\"y\",\"${CLAIM}\"]}");
        assertThat(rules.at("/auth/jwt").has("secret")).isFalse();
    }

    @Test
    void whatIsInheritedIsShownAsItIsWrittenInSecurity() throws Exception {
        String security = "{ 'jwt': { 'jwks': 'https://a.test/?key=${SECRET}' } }";

        assertThat(read("{}", security).at("/auth/jwt/jwks").asText()).isEqualTo("https://a.test/?key=${SECRET}");
        assertThat(read("{ 'auth': false }", security).at("/auth").isBoolean()).isTrue();
        assertThat(read("{ 'auth': { 'jwt': { 'jwks': 'https://b.test/' } } }", security)
                        .at("/auth/jwt/jwks")
                        .asText())
                .isEqualTo("https://b.test/");
    }

    @Test
    void aPartOfARuleThatIsInheritedIsShownAsItIsWritten() throws Exception {
        String config = """
                { "proxy": { "port": 1 }, "default": { "target": null },
                  "routes": [{ "target": 3000, "request": { "body": "${N}" }, "response": { "headers": { "remove": ["X-B"] } } }],
                  "security": { "headers": { "request": { "remove": ["X-${N}"] }, "response": { "remove": ["Y-${N}"] } } } }
                """;

        JsonNode rules = rulesOf(config).get(0);

        assertThat(rules.at("/request/headers/remove/0").asText()).isEqualTo("X-${N}");
        assertThat(rules.at("/request/body").asText()).isEqualTo("${N}");
        assertThat(rules.at("/response/headers/remove").toString()).isEqualTo("[\"X-B\"]");
    }

    @Test
    void whatIsHiddenStaysHidden() throws Exception {
        String route = "{ 'request': { 'headers': { 'set': { 'Authorization': 'Bearer x${SECRET}', 'X-A': '${N}' },"
                + " 'add': { 'X-Token': 'y${SECRET}' } } } }";

        JsonNode headers = read(route, "false").at("/request/headers");

        assertThat(headers.at("/set").toString()).isEqualTo("{\"Authorization\":\"***\",\"X-A\":\"${N}\"}");
        assertThat(headers.at("/add").toString()).isEqualTo("{\"X-Token\":[\"***\"]}");
    }

    /** The rules of the one route, as they are shown. */
    private static JsonNode read(String route, String auth) throws Exception {
        ObjectNode own = (ObjectNode) MAPPER.readTree(route.replace('\'', '"'));
        String config =
                "{ 'proxy': { 'port': 1 }, 'default': { 'target': null }, 'routes': [%s], 'security': { 'auth': %s } }"
                        .replace('\'', '"')
                        .formatted(own.put("target", 3000), auth.replace('\'', '"'));
        ObjectNode json = rulesOf(config).get(0);
        assertThat(json.toString()).doesNotContain("hunter2");
        return json;
    }

    private static List<ObjectNode> rulesOf(String config) {
        ConfigReader reader = new ConfigReader(name -> name.equals("N") ? "5" : "hunter2".repeat(5));
        return rules(reader.read(config, ConfigFormat.JSON, Path.of("config.json")));
    }

    private static List<ObjectNode> rules(ReadResult result) {
        assertThat(result.errors()).isEmpty();
        return requireNonNull(result.config()).routes().stream()
                .map(route -> route.rules().json())
                .toList();
    }

    /** Where texts without a placeholder stand in rules. */
    private static List<String> texts(JsonNode section, String pointer) {
        List<String> texts = new ArrayList<>();
        if (section.isArray()) {
            for (int i = 0; i < section.size(); i++) {
                collectRules(section.get(i), pointer + "/" + i, texts);
            }
        } else {
            collectRules(section, pointer, texts);
        }
        return texts;
    }

    private static void collectRules(JsonNode owner, String pointer, List<String> texts) {
        owner.properties().forEach(member -> {
            if (RulesConfig.SECURITY_KEYS.contains(member.getKey()) || RulesConfig.KEYS.contains(member.getKey())) {
                if (!(pointer.startsWith("/routes") && member.getKey().equals("headers"))) {
                    collect(member.getValue(), Reading.pointer(pointer, member.getKey()), texts);
                }
            }
        });
    }

    private static void collect(JsonNode node, String pointer, List<String> texts) {
        if (node.isTextual() && !Placeholders.anyIn(node)) {
            texts.add(pointer);
        }
        node.properties()
                .forEach(member -> collect(member.getValue(), Reading.pointer(pointer, member.getKey()), texts));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), pointer + "/" + i, texts);
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
