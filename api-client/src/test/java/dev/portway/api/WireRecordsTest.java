package dev.portway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireRecordsTest {

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void aRouteKeepsEveryKeyInOrder() throws Exception {
        String json = "{\"id\":\"web\",\"later\":{\"a\":[1,null,\"x\"]},\"source\":\"file\",\"status\":\"up\"}";

        RouteView route = mapper.readValue(json, RouteView.class);

        assertThat(route.id()).isEqualTo("web");
        assertThat(route.source()).isEqualTo("file");
        assertThat(route.status()).isEqualTo("up");
        assertThat(mapper.writeValueAsString(route)).isEqualTo(json);
    }

    @Test
    void aRouteCannotBeChangedFromOutside() {
        List<Object> targets = new ArrayList<>(List.of(3000));
        Map<String, Object> json = new LinkedHashMap<>(Map.of("targets", targets));

        RouteView route = new RouteView(json);
        json.put("id", "web");
        targets.add(3001);

        assertThat(route.id()).isEmpty();
        assertThat(route.json()).isEqualTo(Map.of("targets", List.of(3000)));
        assertThatThrownBy(() -> route.json().put("id", "x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aProblemReadsWhatAnyServerMaySend() throws Exception {
        ProblemDocument problem =
                mapper.readValue("{\"status\":404,\"instance\":\"/x\",\"trace\":[1]}", ProblemDocument.class);

        assertThat(problem).isEqualTo(new ProblemDocument(null, null, 404, null, null));
        assertThat(problem.type()).isEqualTo("about:blank");
    }

    @Test
    void aProblemHasItsErrorsAndNoEmptyList() throws Exception {
        ProblemEntry entry = new ProblemEntry("/routes/0", null, "is wrong", 3, null);
        String with = mapper.writeValueAsString(new ProblemDocument("t", "Title", 422, "Detail.", List.of(entry)));
        String without = mapper.writeValueAsString(new ProblemDocument("t", "Title", 404, "Detail."));

        assertThat(with)
                .isEqualTo("{\"type\":\"t\",\"title\":\"Title\",\"status\":422,\"detail\":\"Detail.\",\"errors\":"
                        + "[{\"pointer\":\"/routes/0\",\"message\":\"is wrong\",\"line\":3}]}");
        assertThat(without).doesNotContain("errors");
    }

    @Test
    void anExplanationSaysNullWhereNothingServes() throws Exception {
        String json =
                mapper.writeValueAsString(new ExplainView("a", "/", null, List.of(), List.of(), null, null, null));

        assertThat(json).contains("\"route\":null");
        assertThat(mapper.readValue(json, ExplainView.class).route()).isNull();
    }

    @Test
    void aRequestToExplainIsAGetUnlessItSaysOtherwise() throws Exception {
        assertThat(mapper.readValue("{\"url\":\"/\"}", ExplainRequest.class))
                .isEqualTo(new ExplainRequest("/", "GET", Map.of()));
    }
}
