package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFormTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String OBJECT = """
            {
              "proxy": { "port": 8080 },
              "routes": {
                "API.local": 3001,
                "/web": "http://localhost:8001",
                "shop.local/cart": [9001, 9002],
                "own.local": { "id": "mine", "target": 3003 }
              },
              "default": { "target": null }
            }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'host':'x','target':1}                                | \"x\": 1",
                "{'host':['x'],'path':'/','target':'http://y'}          | \"x\": \"http://y\"",
                "{'host':'x','path':'/p','targets':[1,'http://y']}      | \"x/p\": [1, \"http://y\"]",
                "{'path':'/p','target':1}                               | \"/p\": 1",
                "{'id':'x','host':'x','target':1}                       | \"x\": 1",
                "{'id':'y','host':'x','target':1}                       | \"x\": { \"id\": \"y\", \"target\": 1 }",
                "{'host':'x','target':1,'enabled':false}                | \"x\": { \"target\": 1, \"enabled\": false }",
                "{'target':1}                                           | \"/\": 1"
            })
    void anObjectGetsTheShortestMemberThatSaysIt(String route, String member) throws Exception {
        RouteDraft draft = document(OBJECT).adding(List.of(json(route)));

        assertThat(draft.text()).isEqualTo(OBJECT.replace("3003 }\n", "3003 },\n    " + member + "\n"));
        assertThat(document(draft.text()).read().errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "API.local       | {'host':'API.local','target':4001}                 | \"API.local\": 3001 | \"API.local\": 4001",
                "API.local       | {'host':'b.local','target':3001}                   | \"API.local\": 3001 | \"b.local\": { \"id\": \"API.local\", \"target\": 3001 }",
                "web             | {'path':'/web','targets':[1,2]}                    | \"http://localhost:8001\" | [1, 2]",
                "shop.local-cart | {'host':'shop.local','path':'/cart','targets':[9001]} | [9001, 9002] | [9001]",
                "shop.local-cart | {'host':'shop.local','path':'/cart','target':1,'enabled':false} | [9001, 9002] | { \"target\": 1, \"enabled\": false }",
                "mine            | {'host':'own.local','target':3004}                 | \"target\": 3003 | \"target\": 3004",
                "mine            | {'host':'new.local','target':3003}                 | \"own.local\" | \"new.local\""
            })
    void anObjectsMemberChangesWhereItDiffers(String id, String next, String before, String after) throws Exception {
        ConfigDocument document = document(OBJECT);
        String written = id.equals("API.local") ? "api.local" : id;
        WrittenRoute route = document.route(written).orElseThrow();

        RouteDraft draft = document.replacing(route, json(next));

        assertThat(draft.text()).isEqualTo(OBJECT.replace(before, after.replace("\"API.local\", ", "\"api.local\", ")));
        ReadResult read = document(draft.text()).read();
        assertThat(read.errors()).isEmpty();
        assertThat(read.routes())
                .anyMatch(now -> now.id().equals(written) && draft.pointers().equals(List.of(now.pointer())));
    }

    @Test
    void anObjectLosesAMember() throws Exception {
        ConfigDocument document = document(OBJECT);

        RouteDraft draft = document.removing(document.route("web").orElseThrow());

        assertThat(draft.text()).isEqualTo(OBJECT.replace("    \"/web\": \"http://localhost:8001\",\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'host':['x','y'],'target':1}",
                "{'host':'shop.local','path':'/cart','methods':['GET'],'id':'other','target':1}"
            })
    void whatAnObjectCannotSayIsRefused(String route) throws Exception {
        ConfigDocument document = document(OBJECT);

        assertThatThrownBy(() -> document.adding(List.of(json(route))))
                .isInstanceOf(UnwritableRouteException.class)
                .hasMessageContaining("\"routes\" written as a list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'host':'a/b','target':1}", "{'host':5,'target':1}", "{'host':'a','path':'b','target':1}"})
    void whatIsNoHostOrPathMakesNoKey(String route) throws Exception {
        ConfigDocument document = document(OBJECT);

        assertThatThrownBy(() -> document.adding(List.of(json(route))))
                .isInstanceOfSatisfying(
                        UnwritableRouteException.class,
                        e -> assertThat(e.problem()).isNotNull());
    }

    @Test
    void anEmptyFormIsFilled() throws Exception {
        List<String> empty = Arrays.asList("[]", "{}", "[ ]", "{\n  }");
        for (String form : empty) {
            ConfigDocument document = document("{\n  \"proxy\": {\"port\": 8080},\n  \"routes\": " + form
                    + ",\n  \"default\": {\"target\": null}\n}");

            RouteDraft draft = document.adding(List.of(json("{'host':'x','target':1}")));

            assertThat(document(draft.text()).read().routes())
                    .extracting(WrittenRoute::id)
                    .containsExactly("x");
        }
    }

    private static ConfigDocument document(String text) {
        ConfigReader reader = new ConfigReader(name -> null);
        return new ConfigDocument(
                text, ConfigFormat.JSON, reader.read(text, ConfigFormat.JSON, Path.of("config.json")));
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }
}
