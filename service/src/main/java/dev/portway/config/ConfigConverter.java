package dev.portway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * Writes a configuration in another language: the same values in the same order, placeholders unread. Comments are not
 * carried over. TOML knows no null: {@code default.target} becomes {@code "none"}, which means the same everywhere, and
 * any other null is refused; and it wants plain values ahead of tables, so the order may change between those two.
 */
public final class ConfigConverter {

    private ConfigConverter() {}

    /**
     * The text in another language. It need not be a valid configuration, only valid in its language.
     *
     * @throws ConversionException if it does not parse, or says what the other language cannot
     */
    public static String convert(String text, ConfigFormat from, ConfigFormat to) throws ConversionException {
        ProblemList problems = new ProblemList();
        ObjectNode tree = SourceTree.parse(text, from, problems);
        if (tree == null || problems.errors() > 0) {
            throw new ConversionException(problems.located(text, from));
        }
        try {
            return switch (to) {
                case JSON -> json().writeValueAsString(fallback(tree, true)) + "\n";
                case YAML -> yaml().writeValueAsString(fallback(tree, true));
                case TOML -> {
                    TomlText toml = new TomlText(problems);
                    String written = toml.write(fallback(tree, false));
                    if (problems.errors() > 0) {
                        throw new ConversionException(problems.located(text, from));
                    }
                    yield written;
                }
            };
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read cannot be written", e);
        }
    }

    /** The tree with {@code default.target} as the language says that there is none. */
    private static ObjectNode fallback(ObjectNode tree, boolean nulls) {
        if (tree.get("default") instanceof ObjectNode section && section.has("target")) {
            if (nulls && "none".equals(section.get("target").textValue())) {
                section.putNull("target");
            } else if (!nulls && section.get("target").isNull()) {
                section.set("target", TextNode.valueOf("none"));
            }
        }
        return tree;
    }

    private static ObjectWriter json() {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withSeparators(
                        DefaultPrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        return JsonMapper.builder().build().writer(printer);
    }

    private static ObjectWriter yaml() {
        return YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .build()
                .writer();
    }
}
