package dev.portway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.api.ChangeView;
import dev.portway.api.ExplainRequest;
import dev.portway.api.ProblemDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The records on the wire as JSON schemas: names and types by reflection, descriptions from their Javadoc, so that each is
 * said once. A property is required unless Jackson leaves it out where it is null or empty.
 */
final class RecordSchemas {

    private static final Path SOURCES = Path.of("../api-client/src/main/java");
    private static final Pattern TAG = Pattern.compile("@param (\\w+) (.*?)(?=\\s@\\w|$)", Pattern.DOTALL);

    private final JsonNode names;
    private final JsonNode values;
    private final JsonNode requests;
    private final Map<String, ObjectNode> schemas = new LinkedHashMap<>();

    /**
     * Schemas yet to be asked for.
     *
     * @param names of schemas whose records are called otherwise
     * @param values that a property can have, where its type does not say
     * @param requests what is required of records that clients send, by the names of their schemas
     */
    RecordSchemas(JsonNode names, JsonNode values, JsonNode requests) {
        this.names = names;
        this.values = values;
        this.requests = requests;
    }

    /** All that were asked for, and all that they refer to. */
    Map<String, ObjectNode> schemas() {
        reference(ExplainRequest.class); // in a body that no method's type names,
        reference(ProblemDocument.class); // nor does one name this,
        reference(ChangeView.class); // nor this
        return schemas;
    }

    /** The schema of a type; a record's is a reference. */
    ObjectNode of(AnnotatedType type) {
        Class<?> raw = raw(type);
        if (raw.isRecord()) {
            return reference(raw);
        }
        if (raw == List.class) {
            ObjectNode list = object("array");
            list.set("items", of(argument(type, 0)));
            return list;
        }
        if (raw == Map.class) {
            ObjectNode map = object("object");
            AnnotatedType value = argument(type, 1);
            map.set(
                    "additionalProperties",
                    raw(value) == Object.class ? JsonNodeFactory.instance.booleanNode(true) : of(value));
            return map;
        }
        return switch (raw.getSimpleName()) {
            case "String" -> object("string");
            case "boolean", "Boolean" -> object("boolean");
            case "int", "Integer" -> object("integer").put("format", "int32");
            case "long", "Long" -> object("integer").put("format", "int64");
            case "double", "Double" -> object("number").put("format", "double");
            case "Instant" -> object("string").put("format", "date-time");
            default -> throw new IllegalStateException("no schema for " + raw);
        };
    }

    private ObjectNode reference(Class<?> record) {
        String name = name(record);
        if (!schemas.containsKey(name)) {
            ObjectNode schema = object("object");
            schemas.put(name, schema);
            fill(schema, name, record);
        }
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private void fill(ObjectNode schema, String name, Class<?> record) {
        Map<String, String> said = javadoc(record);
        schema.put("description", said.getOrDefault("", ""));
        ArrayNode required = schema.arrayNode();
        ObjectNode properties = schema.objectNode();
        for (RecordComponent component : record.getRecordComponents()) {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            JsonInclude.Include include = include(record, component);
            boolean leftOut =
                    include == JsonInclude.Include.NON_EMPTY || (nullable && include == JsonInclude.Include.NON_NULL);
            ObjectNode property = of(component.getAnnotatedType());
            JsonNode possible = values.path(name + "." + component.getName());
            if (possible.isArray()) {
                property.set("enum", possible);
            }
            if (nullable && !leftOut) {
                property.set(
                        "type", schema.arrayNode().add(property.get("type")).add("null"));
            }
            String description = said.getOrDefault(component.getName(), "");
            if (!description.isEmpty()) {
                property.put("description", description);
            }
            if (!leftOut) {
                required.add(component.getName());
            }
            properties.set(component.getName(), property);
        }
        JsonNode demanded = requests.path(name);
        schema.set("required", demanded.isArray() ? demanded : required);
        schema.set("properties", properties);
    }

    private String name(Class<?> record) {
        String simple = record.getSimpleName();
        String said = names.path(simple).asText(simple.replaceFirst("View$", ""));
        Class<?> enclosing = record.getEnclosingClass();
        return enclosing == null ? said : name(enclosing) + said;
    }

    private static JsonInclude.Include include(Class<?> record, RecordComponent component) {
        JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
        JsonInclude all = record.getAnnotation(JsonInclude.class);
        JsonInclude said = own == null ? all : own;
        return said == null ? JsonInclude.Include.ALWAYS : said.value();
    }

    private static AnnotatedType argument(AnnotatedType type, int index) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
    }

    private static Class<?> raw(AnnotatedType type) {
        return type.getType() instanceof ParameterizedType generic
                ? (Class<?>) generic.getRawType()
                : (Class<?>) type.getType();
    }

    /** What the Javadoc of a record says: under {@code ""} of itself, under their names of its components. */
    private static Map<String, String> javadoc(Class<?> record) {
        Class<?> outermost = record.getEnclosingClass() == null ? record : record.getEnclosingClass();
        Path file = SOURCES.resolve(outermost.getName().replace('.', '/') + ".java");
        String source;
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int declared = source.indexOf("public record " + record.getSimpleName() + "(");
        int start = source.lastIndexOf("/**", declared);
        String comment = source.substring(start + 3, source.indexOf("*/", start))
                .replaceAll("\\n\\s*\\* ?", "\n")
                .replaceAll("\\{@\\w+ #?([^}]*)}", "$1");
        Map<String, String> said = new LinkedHashMap<>();
        int tags = comment.indexOf("@param");
        said.put("", line(tags < 0 ? comment : comment.substring(0, tags)).replaceFirst(" Immutable\\.$", ""));
        Matcher tag = TAG.matcher(comment);
        while (tag.find()) {
            said.put(tag.group(1), sentence(line(tag.group(2))));
        }
        return said;
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String sentence(String words) {
        String capital = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }

    private static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
