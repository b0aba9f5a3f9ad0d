package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** What holds for every text, and for every way of breaking a valid one. */
final class ConfigReaderPropertiesTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> VALID = ValidConfigs.all().toList();

    /** Sections whose content is the user's or Dropwizard's own: anything goes. */
    private static final Set<String> FREE = Set.of(
            "/metadata",
            "/server/",
            "/metrics",
            "/health/enabled",
            "/logging/type",
            "/logging/loggers",
            "/logging/appenders");

    private static final String SPICE = "{}[]\",:\\/'#-$& \n\t0aé\u0000\uD83D=.*%!|>~@`";

    @Property(tries = 1000)
    void anyTextGivesAConfigurationOrErrors(@ForAll String text, @ForAll ConfigFormat format) {
        assertSound(read(text, format));
    }

    @Property(tries = 1000)
    void anyDamageGivesAConfigurationOrErrors(@ForAll long seed, @ForAll ConfigFormat format) throws Exception {
        Random dice = new Random(seed);
        StringBuilder text =
                new StringBuilder(ConfigConverter.convert(withoutNulls(any(VALID, dice)), ConfigFormat.JSON, format));
        for (int i = 1 + dice.nextInt(5); i > 0 && !text.isEmpty(); i--) {
            int at = dice.nextInt(text.length());
            switch (dice.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, SPICE.charAt(dice.nextInt(SPICE.length())));
                case 2 -> text.setCharAt(at, SPICE.charAt(dice.nextInt(SPICE.length())));
                default -> text.delete(at, Math.min(text.length(), at + dice.nextInt(30)));
            }
        }

        assertSound(read(text.toString(), format));
    }

    @Property(tries = 1000)
    void everyWrongValueIsReportedWhereItStands(@ForAll long seed) throws JsonProcessingException {
        Random dice = new Random(seed);
        JsonNode tree = MAPPER.readTree(any(VALID, dice));
        List<JsonPointer> broken = new ArrayList<>();
        List<JsonPointer> leaves = leaves(tree);
        for (int i = 1 + dice.nextInt(4); i > 0; i--) {
            JsonPointer leaf = any(leaves, dice);
            put(tree, leaf, MAPPER.createObjectNode().put("?", 1));
            broken.add(leaf);
        }

        ReadResult result = read(tree.toString(), ConfigFormat.JSON);

        assertSound(result);
        assertThat(broken)
                .allSatisfy(pointer -> assertThat(result.errors())
                        .anyMatch(error -> (error.pointer() + "/").startsWith(pointer + "/")));
    }

    @Property(tries = 400)
    void everyUnknownKeyIsReportedWhereItStands(@ForAll long seed, @ForAll @Size(min = 1, max = 3) List<Integer> picks)
            throws JsonProcessingException {
        JsonNode tree = MAPPER.readTree(any(VALID.subList(2, 4), new Random(seed)));
        List<JsonPointer> leaves = leaves(tree);
        List<String> added = new ArrayList<>();
        for (int pick : picks) {
            JsonPointer leaf = leaves.get(Math.floorMod(pick, leaves.size()));
            if (tree.at(leaf.head()) instanceof ObjectNode object) {
                object.put("zyxwv" + added.size(), 1);
                added.add(leaf.head() + "/zyxwv" + added.size());
            }
        }

        ReadResult result = read(tree.toString(), ConfigFormat.JSON);

        assertSound(result);
        assertThat(result.errors()).extracting(Problem::pointer).containsExactlyInAnyOrderElementsOf(added);
    }

    private static void assertSound(ReadResult result) {
        assertThat(result.config() == null).isEqualTo(!result.errors().isEmpty());
        assertThat(result.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank().doesNotContain("fasterxml", "snakeyaml");
            assertThat(problem.pointer()).matches("(/[^/]*)*");
        });
    }

    private static ReadResult read(String text, ConfigFormat format) {
        return new ConfigReader(ValidConfigs.ENVIRONMENT::get).read(text, format, Path.of("config.json"));
    }

    /** The pointers of all values that hold no others, but for those where anything goes. */
    private static List<JsonPointer> leaves(JsonNode tree) {
        List<JsonPointer> leaves = new ArrayList<>();
        collect(tree, JsonPointer.empty(), leaves);
        leaves.removeIf(leaf -> FREE.stream().anyMatch(leaf.toString()::contains)
                || leaf.toString().startsWith("/security")
                || leaf.toString().endsWith("/errorPages")
                || leaf.toString().contains("/headers/"));
        return leaves;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(member -> collect(member.getValue(), at.appendProperty(member.getKey()), leaves));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), at.appendIndex(i), leaves);
            }
        } else {
            leaves.add(at);
        }
    }

    private static void put(JsonNode tree, JsonPointer at, JsonNode value) {
        JsonNode parent = tree.at(at.head());
        if (parent instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), value);
        } else {
            ((ObjectNode) parent).set(at.last().getMatchingProperty(), value);
        }
    }

    private static String withoutNulls(String text) throws JsonProcessingException {
        return text.replace("null, true", "true");
    }

    private static <T> T any(List<T> values, Random dice) {
        return values.get(dice.nextInt(values.size()));
    }
}
