package dev.portway.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** Makes a tree of a text, keys in its order, and reports what is wrong with its syntax. Confined. */
final class SourceTree {

    /** Far beyond any sensible file, and little enough for every recursion over the tree. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_YAML_CHARACTERS = 64 * 1024 * 1024;

    private final JsonParser parser;
    private final ProblemList problems;

    private SourceTree(JsonParser parser, ProblemList problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The tree; null, with the reason among the problems, if the text is not an object of its language. */
    static @Nullable ObjectNode parse(String text, ConfigFormat format, ProblemList problems) {
        String body = withoutByteOrderMark(text);
        try (JsonParser parser = parser(body, format)) {
            return new SourceTree(parser, problems).document(body, format);
        } catch (JacksonException e) {
            report(e, body, format, null, problems); // TOML is parsed as a whole when its parser is made
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private static void report(
            JacksonException e, String body, ConfigFormat format, @Nullable JsonParser parser, ProblemList problems) {
        SyntaxError error = SyntaxError.of(e, body, format, parser);
        problems.addAt("", error.message(), error.line(), error.column());
    }

    /** A parser of the text, to be closed by the caller. */
    static JsonParser parser(String text, ConfigFormat format) throws IOException {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build();
        JsonFactory factory = switch (format) {
            case JSON ->
                JsonFactory.builder().streamReadConstraints(constraints).build();
            case YAML -> {
                LoaderOptions options = new LoaderOptions();
                options.setCodePointLimit(MAX_YAML_CHARACTERS);
                options.setNestingDepthLimit(MAX_DEPTH);
                yield YAMLFactory.builder()
                        .streamReadConstraints(constraints)
                        .loaderOptions(options)
                        .build();
            }
            case TOML ->
                TomlFactory.builder().streamReadConstraints(constraints).build();
        };
        return factory.createParser(withoutByteOrderMark(text));
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private @Nullable ObjectNode document(String body, ConfigFormat format) throws IOException {
        try {
            if (parser.nextToken() == null) {
                problems.addAt("", "the file is empty (expected: an object with proxy, routes and default)", 1, 1);
                return null;
            }
            JsonLocation begin = parser.currentTokenLocation();
            JsonNode tree = value("");
            if (parser.nextToken() != null) {
                JsonLocation more = parser.currentTokenLocation();
                problems.addAt(
                        "",
                        "there is more after the end of the configuration (expected: one object, and nothing behind it)",
                        more.getLineNr(),
                        more.getColumnNr());
                return null;
            }
            if (tree instanceof ObjectNode object) {
                return object;
            }
            problems.addAt(
                    "",
                    "the file is not an object (expected: an object with proxy, routes and default)",
                    begin.getLineNr(),
                    begin.getColumnNr());
            return null;
        } catch (JacksonException e) {
            report(e, body, format, parser, problems);
            return null;
        }
    }

    private JsonNode value(String pointer) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            return refuse(pointer, "is a YAML alias, which is not read (expected: the value itself, written again)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(pointer);
            case START_ARRAY -> array(pointer);
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer(nodes);
            case VALUE_NUMBER_FLOAT ->
                parser.isNaN() ? nodes.numberNode(parser.getDoubleValue()) : nodes.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
                refuse(pointer, "has a type of its own (expected: a string, a number, true, false or null)");
        };
    }

    private JsonNode refuse(String pointer, String message) {
        JsonLocation at = parser.currentTokenLocation();
        problems.addAt(pointer, message, at.getLineNr(), at.getColumnNr());
        return JsonNodeFactory.instance.missingNode();
    }

    private ObjectNode object(String pointer) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonLocation at = parser.currentTokenLocation();
            parser.nextToken();
            String below = Reading.pointer(pointer, name);
            if (object.has(name)) {
                problems.addAt(
                        below,
                        "\"" + name + "\" is written twice in the same object (expected: once)",
                        at.getLineNr(),
                        at.getColumnNr());
            }
            object.set(name, value(below));
        }
        return object;
    }

    private ArrayNode array(String pointer) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            array.add(value(pointer + "/" + i));
        }
        return array;
    }

    private JsonNode integer(JsonNodeFactory nodes) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> nodes.numberNode(parser.getBigIntegerValue());
        };
    }
}
