package dev.portway.admin;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code openapi.json}: paths, methods, parameters, media types and types of bodies come from the resources, properties
 * from the records, and what only a person can say (summaries, answers in words, examples) from {@code openapi/words.json}.
 * A method without words is an error, and so are words without a method.
 */
final class OpenApiDocument {

    private static final Set<String> WITHOUT_TOKEN = Set.of("GET /live", "GET /ready");
    private static final List<String> FOLDERS = List.of(
            "/",
            "/routes",
            "/backends",
            "/tunnels",
            "/exchanges",
            "/explain",
            "/validate",
            "/reload",
            "/history",
            "/undo",
            "/status");

    private final ObjectNode words;
    private final RecordSchemas schemas;

    private OpenApiDocument(ObjectNode words) {
        this.words = words;
        this.schemas = new RecordSchemas(words.path("recordNames"), words.path("values"), words.path("requests"));
    }

    /** The document as the resources, the records and the words have it now. */
    static ObjectNode generate() throws IOException {
        try (InputStream stream = OpenApiDocument.class.getResourceAsStream("/openapi/words.json")) {
            JsonNode words = WireFormat.MAPPER.readTree(requireNonNull(stream, "openapi/words.json"));
            return new OpenApiDocument((ObjectNode) words).document();
        }
    }

    private ObjectNode document() {
        Map<String, List<Method>> methods = methods();
        ObjectNode paths = object();
        Set<String> left = new TreeSet<>();
        words.path("operations").fieldNames().forEachRemaining(left::add);
        for (Map.Entry<String, List<Method>> each : methods.entrySet()) {
            put(paths, each.getKey(), operation(each.getKey(), each.getValue()));
            left.remove(each.getKey());
        }
        for (String key : left) {
            if (!said(key).has("servedBy")) {
                throw new IllegalStateException("words for " + key + ", which no resource has");
            }
            put(paths, key, operation(key, List.of()));
        }
        ObjectNode document = words.path("document").deepCopy();
        document.set("paths", paths);
        ObjectNode components = words.path("components").deepCopy();
        ObjectNode all = (ObjectNode) components.path("schemas");
        schemas.schemas().forEach(all::set);
        document.set("components", components);
        return document;
    }

    private static Map<String, List<Method>> methods() {
        Map<String, List<Method>> methods = new LinkedHashMap<>();
        AdminApi.resourceClasses().stream()
                .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
                .filter(method -> httpMethod(method) != null)
                .sorted(Comparator.comparing((Method method) -> folder(path(method)))
                        .thenComparing(OpenApiDocument::path)
                        .thenComparing(method ->
                                List.of("GET", "POST", "PUT", "PATCH", "DELETE").indexOf(httpMethod(method)))
                        .thenComparing(Method::getName))
                .forEach(method -> methods.computeIfAbsent(
                                httpMethod(method) + " " + path(method), key -> new ArrayList<>())
                        .add(method));
        return methods;
    }

    private ObjectNode operation(String key, List<Method> methods) {
        ObjectNode said = said(key);
        ObjectNode operation = object();
        for (String name : List.of("tags", "operationId", "summary", "description", "security")) {
            if (said.has(name)) {
                operation.set(name, said.get(name));
            }
        }
        ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
        methods.forEach(method -> parameters(method, parameters));
        said.path("query").forEach(name -> parameters.add(parameter(name.asText(), "query", name.asText())));
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        Set<String> refused = new TreeSet<>(Set.of("403"));
        if (!WITHOUT_TOKEN.contains(key)) {
            refused.add("401");
        }
        for (Method method : methods) {
            if (Arrays.asList(method.getParameterTypes()).contains(JsonBody.class)) {
                refused.addAll(Set.of("400", "413", "415"));
                operation.set("requestBody", body(method, (ObjectNode) said.path("body")));
            }
        }
        said.path("also").forEach(status -> refused.add(status.asText()));
        operation.set("responses", responses(said, methods, refused));
        return operation;
    }

    private void parameters(Method method, ArrayNode parameters) {
        for (Parameter parameter : method.getParameters()) {
            PathParam inPath = parameter.getAnnotation(PathParam.class);
            QueryParam inQuery = parameter.getAnnotation(QueryParam.class);
            if (inPath != null) {
                String folder = path(method).replaceAll("(\\{[^}]*}).*", "$1");
                parameters.add(parameter(inPath.value(), "path", folder).put("required", true));
            } else if (inQuery != null) {
                parameters.add(parameter(inQuery.value(), "query", inQuery.value()));
            } else if (parameter.getType() == Request.class) {
                parameters.add(reference("parameters", "IfNoneMatch"));
            } else if (parameter.getType() == HttpHeaders.class) {
                parameters.add(reference("parameters", "IfMatch"));
                parameters.add(reference("parameters", "IfNoneMatchAny"));
            }
        }
    }

    private ObjectNode parameter(String name, String where, String words) {
        JsonNode said = this.words.path("parameters").path(words);
        if (!said.isObject()) {
            throw new IllegalStateException("no words for the parameter " + words);
        }
        ObjectNode parameter = object().put("name", name).put("in", where);
        return parameter.setAll((ObjectNode) said);
    }

    private ObjectNode body(Method method, ObjectNode said) {
        ObjectNode content = object();
        for (String type :
                requireNonNull(method.getAnnotation(Consumes.class), "Consumes").value()) {
            boolean form = type.equals(MediaType.APPLICATION_FORM_URLENCODED);
            JsonNode schema = form && said.has("form") ? said.get("form") : said.path("schema");
            content.set(type, media(schema, said.path("examples").path(type), form));
        }
        ObjectNode body = object().put("required", true);
        body.set("content", content);
        return body;
    }

    private ObjectNode responses(ObjectNode said, List<Method> methods, Set<String> refused) {
        Map<String, JsonNode> responses = new TreeMap<>();
        said.path("answers").properties().forEach(answer -> {
            JsonNode words = answer.getValue();
            ObjectNode response =
                    object().put("description", words.path("description").asText());
            if (words.has("headers")) {
                response.set("headers", words.get("headers"));
            }
            ObjectNode content = content(answer.getKey(), words, methods);
            if (!content.isEmpty()) {
                response.set("content", content);
            }
            responses.put(answer.getKey(), response);
        });
        for (String status : refused) {
            responses.putIfAbsent(status, reference("responses", common(status)));
        }
        ObjectNode object = object();
        responses.forEach(object::set);
        return object;
    }

    private ObjectNode content(String status, JsonNode said, List<Method> methods) {
        ObjectNode content = object();
        if (status.equals("204") || status.equals("304")) {
            return content;
        }
        if (methods.isEmpty()) {
            content.set(MediaType.APPLICATION_JSON, media(said.path("schema"), said.path("example"), false));
        }
        for (Method method : methods) {
            for (String type : produces(method)) {
                String plain = type.replaceAll("\\s*;.*", "");
                content.set(
                        plain,
                        media(schema(said, method, plain), said.path("examples").path(plain), false));
            }
        }
        return content;
    }

    private JsonNode schema(JsonNode said, Method method, String type) {
        if (said.has("schema")) {
            return said.get("schema");
        }
        if (type.startsWith("text/")) {
            return object().put("type", "string");
        }
        if (method.getReturnType() == Response.class) {
            throw new IllegalStateException("no words for what " + method + " answers");
        }
        return method.getReturnType() == InputStream.class
                ? object().put("type", "object")
                : schemas.of(method.getAnnotatedReturnType());
    }

    private ObjectNode media(JsonNode schema, JsonNode example, boolean form) {
        ObjectNode media = object();
        media.set("schema", schema);
        JsonNode shown = example.isMissingNode() && !form ? exampleOf(schema) : example;
        if (shown != null && !shown.isMissingNode()) {
            media.set("example", shown);
        }
        return media;
    }

    private @Nullable JsonNode exampleOf(JsonNode schema) {
        JsonNode items = schema.path("items");
        if (items.has("$ref")) {
            JsonNode one = exampleOf(items);
            return one == null ? null : JsonNodeFactory.instance.arrayNode().add(one);
        }
        JsonNode one = schema.has("oneOf") ? schema.get("oneOf").get(0) : schema;
        String name = one.path("$ref").asText().replaceFirst(".*/", "");
        JsonNode example = words.path("examples").path(name);
        return example.isMissingNode() ? null : example;
    }

    /** The response that every operation shares which answers with this status. */
    private String common(String status) {
        for (Map.Entry<String, JsonNode> each :
                words.path("components").path("responses").properties()) {
            JsonNode example = each.getValue().at("/content/application~1problem+json/example");
            if (example.path("status").asText().equals(status)) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("no words for the status " + status);
    }

    private ObjectNode said(String key) {
        JsonNode said = words.path("operations").path(key);
        if (!said.isObject()) {
            throw new IllegalStateException("no words for " + key);
        }
        return (ObjectNode) said;
    }

    private static @Nullable String httpMethod(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
                return http.value();
            }
        }
        return null;
    }

    private static String path(Method method) {
        Path own = method.getAnnotation(Path.class);
        String whole = "/"
                + method.getDeclaringClass().getAnnotation(Path.class).value() + "/" + (own == null ? "" : own.value());
        String path = whole.replaceAll("/+", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String[] produces(Method method) {
        Produces own = method.getAnnotation(Produces.class);
        Produces all = method.getDeclaringClass().getAnnotation(Produces.class);
        return (own == null ? requireNonNull(all, "Produces") : own).value();
    }

    /** The document begins with the routes, and ends with what people ask for least. */
    private static String folder(String path) {
        int end = path.indexOf('/', 1);
        int place = FOLDERS.indexOf(end < 0 ? path : path.substring(0, end));
        return String.format(Locale.ROOT, "%02d", place < 0 ? FOLDERS.size() : place);
    }

    private static void put(ObjectNode paths, String key, ObjectNode operation) {
        int space = key.indexOf(' ');
        String path = key.substring(space + 1);
        ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
        item.set(key.substring(0, space).toLowerCase(Locale.ROOT), operation);
    }

    private static ObjectNode reference(String kind, String name) {
        return object().put("$ref", "#/components/" + kind + "/" + name);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
