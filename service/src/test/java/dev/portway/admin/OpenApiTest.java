package dev.portway.admin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.Test;

/** The description and the resources agree, both ways. */
class OpenApiTest {

    private static final Set<String> DROPWIZARD = Set.of("GET /healthcheck", "GET /metrics");

    @Test
    void describesEveryResourceMethodAndNoOther() throws Exception {
        Set<String> served = new TreeSet<>(DROPWIZARD);
        for (Class<?> resource : AdminApi.resourceClasses()) {
            collect(Resource.from(resource), "", served);
        }

        assertThat(described(document())).isEqualTo(served);
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
            for (String method : Set.of("get", "post", "put", "patch", "delete")) {
                JsonNode operation = item.path(method);
                if (operation.isObject()) {
                    operations++;
                    ids.add(operation.path("operationId").asText());
                    assertThat(operation.path("summary").asText()).isNotEmpty();
                    assertThat(operation.path("responses").has("403")).isTrue();
                }
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
                if (!operation.getKey().equals("parameters")) {
                    described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        return described;
    }

    private static JsonNode document() throws IOException {
        try (InputStream stream = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            return WireFormat.MAPPER.readTree(requireNonNull(stream, "openapi.json"));
        }
    }
}
