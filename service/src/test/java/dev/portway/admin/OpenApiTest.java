package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.Test;

/** The description and the resources agree, both ways. */
class OpenApiTest {

    private static final Set<String> DROPWIZARD = Set.of("GET /healthcheck", "GET /metrics");

    @Test
    void isWhatTheResourcesSay() throws Exception {
        Path file = Path.of("src/main/resources/openapi.json");
        String generated = new String(WireFormat.bytes(OpenApiDocument.generate()), UTF_8);
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(file, generated);
        }

        assertThat(Files.readString(file).replace("\r\n", "\n"))
                .as("openapi.json is out of date (try: run this test once with -Dopenapi.write=true)")
                .isEqualTo(generated);
    }

    @Test
    void describesEveryResourceMethodAndNoOther() throws Exception {
        Set<String> served = new TreeSet<>(DROPWIZARD);
        for (Class<?> resource : AdminApi.resourceClasses()) {
            collect(Resource.from(resource), "", served);
        }

        assertThat(described(document())).isEqualTo(served);
    }

    @Test
    void describesEveryPropertyOfEveryRecord() throws Exception {
        Set<String> described = new TreeSet<>();
        document()
                .at("/components/schemas")
                .properties()
                .forEach(schema -> described.add(
                        String.join(" ", new TreeSet<>(names(schema.getValue().path("properties"))))));

        try (Stream<Path> sources = Files.list(Path.of("../api-client/src/main/java/dev/portway/api"))) {
            for (Path source : sources.toList()) {
                String name = source.getFileName().toString().replace(".java", "");
                Class<?> type = name.equals("package-info") ? null : Class.forName("dev.portway.api." + name);
                if (type == null
                        || !type.isRecord()
                        || Set.of("Route", "RouteView").contains(name)) {
                    continue; // routes are JSON of any keys
                }
                Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
                        .filter(Class::isRecord)
                        .forEach(each ->
                                assertThat(described).as(each.toString()).contains(components(each)));
            }
        }
    }

    @Test
    void everyExampleFitsItsSchema() throws Exception {
        ObjectNode document = document();

        media(document, (media, where) -> {
            String schema = "{\"$ref\": \"#/components/schemas/Example\", \"components\": "
                    + withExample(document, media.get("schema")) + "}";
            JsonSchema compiled = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema);

            assertThat(compiled.validate(media.get("example"))).as(where).isEmpty();
        });
    }

    @Test
    void everyJsonBodyHasAnExample() throws Exception {
        Set<String> without = new TreeSet<>();

        for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
            for (JsonNode operation : path.getValue()) {
                boolean ours = !Set.of("dropwizard", "description")
                        .contains(operation.path("tags").path(0).asText());
                for (JsonNode response : operation.path("responses")) {
                    JsonNode json = response.path("content").path("application/json");
                    if (ours && json.isObject() && !json.has("example")) {
                        without.add(path.getKey());
                    }
                }
            }
        }

        assertThat(without).isEmpty();
    }

    @Test
    void refersOnlyToWhatIsThere() throws Exception {
        JsonNode document = document();

        for (String reference : document.findValuesAsText("$ref")) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    @Test
    void usesEverythingItDefines() throws Exception {
        JsonNode document = document();
        Set<String> used = new TreeSet<>(document.findValuesAsText("$ref"));
        Set<String> defined = new TreeSet<>();
        for (String kind : Set.of("schemas", "responses", "parameters", "headers")) {
            document.at("/components/" + kind)
                    .fieldNames()
                    .forEachRemaining(name -> defined.add("#/components/" + kind + "/" + name));
        }

        assertThat(used).isEqualTo(defined);
    }

    @Test
    void givesEveryOperationASummaryAndAnswers() throws Exception {
        JsonNode document = document();
        Set<String> ids = new TreeSet<>();
        int operations = 0;
        for (JsonNode item : document.path("paths")) {
            for (JsonNode operation : item) {
                operations++;
                ids.add(operation.path("operationId").asText());
                assertThat(operation.path("summary").asText()).isNotEmpty();
                assertThat(operation.path("responses").has("403")).isTrue();
            }
        }

        assertThat(ids).hasSize(operations);
    }

    @Test
    void knowsEveryKindOfProblem() throws Exception {
        Set<Integer> statuses = new TreeSet<>();
        for (JsonNode response : document().at("/components/responses")) {
            statuses.add(response.at("/content/application~1problem+json/example/status")
                    .asInt());
        }

        for (ProblemType type : ProblemType.values()) {
            assertThat(statuses).contains(type.status());
        }
    }

    /** Calls {@code each} with all that has a schema and an example, and with where that is. */
    private static void media(JsonNode document, BiConsumer<JsonNode, String> each) {
        for (JsonNode parent : document.findParents("example")) {
            if (parent.has("schema")) {
                each.accept(parent, parent.get("example").toString());
            }
        }
    }

    private static JsonNode withExample(ObjectNode document, JsonNode schema) {
        ObjectNode components = document.path("components").deepCopy();
        ((ObjectNode) components.path("schemas")).set("Example", schema);
        return components;
    }

    private static String components(Class<?> record) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .forEach(names::add);
        return String.join(" ", names);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void collect(Resource resource, String parent, Set<String> served) {
        String own = resource.getPath() == null ? "" : resource.getPath();
        String path = ("/" + parent + "/" + own).replaceAll("/+", "/");
        String clean = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        resource.getResourceMethods().forEach(method -> served.add(method.getHttpMethod() + " " + clean));
        resource.getChildResources().forEach(child -> collect(child, clean, served));
    }

    private static Set<String> described(JsonNode document) {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        return described;
    }

    private static ObjectNode document() throws IOException {
        try (InputStream stream = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            return (ObjectNode) WireFormat.MAPPER.readTree(requireNonNull(stream, "openapi.json"));
        }
    }
}
