package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String FILE = """
            {
              "proxy":  { "port": 8080 },   "unknown" : [1,2,
                 3],
              "routes": [
                { "id": "web", "host": "web.localhost", "target": 3000 },
                { "id": "api", "target": "${API:-http://localhost:3001}" }
              ],
              "default": { "target": null }
            }
            """;

    @Test
    void appendsAnElementAsItsNeighboursAreWritten() throws Exception {
        JsonText text = JsonText.parse(FILE);

        String next = text.append(at("/routes"), List.of(json("{'id':'x','host':['a','b'],'target':1}")))
                .text();

        assertThat(next)
                .isEqualTo(FILE.replace(
                        "3001}\" }\n", "3001}\" },\n    { \"id\": \"x\", \"host\": [\"a\", \"b\"], \"target\": 1 }\n"));
    }

    @Test
    void removesAnElementWithItsCommaAndItsLine() throws Exception {
        JsonText text = JsonText.parse(FILE);

        assertThat(text.remove(at("/routes/0")).text())
                .isEqualTo(
                        FILE.replace("    { \"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000 },\n", ""));
        assertThat(text.remove(at("/routes/1")).text())
                .isEqualTo(
                        FILE.replace(",\n    { \"id\": \"api\", \"target\": \"${API:-http://localhost:3001}\" }", ""));
    }

    @Test
    void emptiesAnArrayAndFillsItAgain() throws Exception {
        JsonText empty = JsonText.parse(FILE).remove(at("/routes/1")).remove(at("/routes/0"));

        assertThat(empty.text()).contains("\"routes\": [],\n");
        assertThat(empty.append(at("/routes"), List.of(json("{'id':'x','target':1}")))
                        .text())
                .contains("""
                          "routes": [
                            {
                              "id": "x",
                              "target": 1
                            }
                          ],
                        """);
    }

    @Test
    void setsOnlyTheMembersThatDiffer() throws Exception {
        JsonText text = JsonText.parse(FILE);

        String next = text.set(at("/routes/0"), json("{'target':4000,'id':'web','enabled':false}"))
                .text();

        assertThat(next)
                .isEqualTo(FILE.replace(
                        "\"host\": \"web.localhost\", \"target\": 3000 }", "\"target\": 4000, \"enabled\": false }"));
    }

    @Test
    void leavesTheTextAloneWhereTheValueIsTheSameInOtherWords() throws Exception {
        JsonText text = JsonText.parse("{\"a\": {\"x\": 1.0, \"y\": \"\\u0041\"}}");

        assertThat(text.set(at("/a"), json("{'y':'A','x':1}"))).isSameAs(text);
    }

    @Test
    void aMinifiedTextStaysMinified() throws Exception {
        JsonText text = JsonText.parse("{\"routes\":[{\"id\":\"a\",\"host\":[\"x\",\"y\"]}],\"n\":{}}\n");

        JsonText next = text.append(at("/routes"), List.of(json("{'id':'b','host':['p','q']}")))
                .insert(at("/n"), Map.of("k", json("{'v':1}")));

        assertThat(next.text())
                .isEqualTo("{\"routes\":[{\"id\":\"a\",\"host\":[\"x\",\"y\"]},{\"id\":\"b\",\"host\":[\"p\",\"q\"]}],"
                        + "\"n\":{\"k\":{\"v\":1}}}\n");
    }

    @Test
    void takesUpTabsAndWindowsLineEnds() throws Exception {
        JsonText text = JsonText.parse(
                "\uFEFF{\r\n\t\"routes\": {\r\n\t\t\"a\": {\r\n\t\t\t\"target\": 1\r\n\t\t}\r\n\t}\r\n}\r\n");

        assertThat(text.insert(at("/routes"), Map.of("b", json("{'target':2}"))).text())
                .isEqualTo("\uFEFF{\r\n\t\"routes\": {\r\n\t\t\"a\": {\r\n\t\t\t\"target\": 1\r\n\t\t},"
                        + "\r\n\t\t\"b\": {\r\n\t\t\t\"target\": 2\r\n\t\t}\r\n\t}\r\n}\r\n");
    }

    @Test
    void takesUpElementsThatShareTheirBrackets() throws Exception {
        JsonText text = JsonText.parse("{\n  \"routes\": [{\n    \"id\": \"a\"\n  }, {\n    \"id\": \"b\"\n  }]\n}");

        assertThat(text.append(at("/routes"), List.of(json("{'id':'c'}"))).text())
                .isEqualTo(
                        "{\n  \"routes\": [{\n    \"id\": \"a\"\n  }, {\n    \"id\": \"b\"\n  }, {\n    \"id\": \"c\"\n  }]\n}");
    }

    @Test
    void takesUpAnotherWayToWriteAColon() throws Exception {
        JsonText text = JsonText.parse("{\n  \"a\" : {\n    \"b\" : 1\n  }\n}");

        assertThat(text.insert(at("/a"), Map.of("c", json("2"))).text())
                .isEqualTo("{\n  \"a\" : {\n    \"b\" : 1,\n    \"c\" : 2\n  }\n}");
    }

    @Test
    void renamesAMember() throws Exception {
        JsonText text = JsonText.parse("{\"routes\" : { \"a\\u002fb\" : 1 }}");

        assertThat(text.rename(at("/routes/a~1b"), "c").text()).isEqualTo("{\"routes\" : { \"c\" : 1 }}");
    }

    @Test
    void writesHalfASurrogatePairAsAnEscape() throws Exception {
        JsonText text = JsonText.parse("{\"a\":1}");

        String next = text.replace(at("/a"), json("'x\\ud83d \\ud83d\\ude00'")).text();

        assertThat(next).isEqualTo("{\"a\":\"x\\uD83D \uD83D\uDE00\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{} {}", "{\"a\":1,\"a\":2}", "[1,]", "{'a':1}", "\uFEFF"})
    void refusesWhatIsNotOneJsonValue(String text) {
        assertThat(JsonText.parses(text)).isFalse();
        assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(IOException.class);
    }

    private static JsonPointer at(String pointer) {
        return JsonPointer.compile(pointer);
    }

    private static JsonNode json(String text) throws IOException {
        return MAPPER.readTree(text.replace('\'', '"'));
    }
}
