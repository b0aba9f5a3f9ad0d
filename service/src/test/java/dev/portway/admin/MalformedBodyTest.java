package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request that cannot be understood gets a 4xx problem that says why, and changes nothing. */
class MalformedBodyTest {

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static AdminHarness admin;

    @BeforeAll
    static void start() throws Exception {
        admin = AdminHarness.routing("[{\"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000}]");
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                // what, type, body, status, part of the detail
                at("POST /routes", JSON, "", 400, "empty"),
                at("POST /routes", JSON, " \n ", 400, "empty"),
                at("POST /routes", JSON, "{", 400, "line 1, column 2"),
                at("POST /routes", JSON, "{\n  \"host\": \"a\",\n  \"target\": }", 400, "line 3, column 13"),
                at("POST /routes", JSON, "{\"host\": \"a\" \"target\": 1}", 400, "comma"),
                at("POST /routes", JSON, "{\"host\": \"a\",}", 400, "line 1, column 14"),
                at("POST /routes", JSON, "{'host': 'a'}", 400, "line 1, column 2"),
                at("POST /routes", JSON, "{host: \"a\"}", 400, "line 1, column 2"),
                at("POST /routes", JSON, "{\"host\": a}", 400, "double quotes"),
                at("POST /routes", JSON, "{\"host\": \"a\"} {}", 400, "follows the end"),
                at("POST /routes", JSON, "{\"host\": \"a\"}}", 400, "line 1"),
                at("POST /routes", JSON, "{\"host\": \"a\", \"host\": \"b\"}", 400, "uplicate"),
                at("POST /routes", JSON, "{\"target\": 01}", 400, "line 1"),
                at("POST /routes", JSON, "{\"target\": +1}", 400, "line 1"),
                at("POST /routes", JSON, "{\"target\": NaN}", 400, "line 1"),
                at("POST /routes", JSON, "{\"host\": \"a\nb\"}", 400, "line 1"),
                at("POST /routes", JSON, "{\"host\": \"\\x\"}", 400, "escape"),
                at("POST /routes", JSON, "{\"host\": \"\\u12\"}", 400, "line 1"),
                at("POST /routes", JSON, "// a comment\n{}", 400, "line 1"),
                at("POST /routes", JSON, "null", 400, "is null"),
                at("POST /routes", JSON, "true", 400, "a boolean"),
                at("POST /routes", JSON, "3001", 400, "a number"),
                at("POST /routes", JSON, "\"web\"", 400, "a string"),
                at("POST /routes", JSON, "host: web", 400, "bare word"),
                at("POST /routes", JSON, "[]", 400, "empty"),
                at("POST /routes", JSON, "[{\"host\": \"b\", \"target\": 1}, 7]", 400, "Element 1"),
                at("POST /routes", JSON, "[[]]", 400, "Element 0"),
                at("POST /routes", JSON, "[null]", 400, "Element 0"),
                at("POST /routes", JSON, "[".repeat(5_000), 400, "nested too deeply"),
                at("POST /routes", JSON, "{\"target\": " + "9".repeat(2_000) + "}", 400, "too long"),
                at("POST /routes", FORM, "host", 400, "without a name or a value"),
                at("POST /routes", FORM, "=web", 400, "without a name or a value"),
                at("POST /routes", FORM, "host=%zz", 400, "broken escape"),
                at("POST /routes", FORM, "host=%", 400, "broken escape"),
                at("POST /routes", FORM, "health=1&health.path=/up", 400, "one of them"),
                at("POST /routes", FORM, "health.path=/up&health=1", 400, "one of them"),
                at("POST /routes", FORM, "{\"host\": ", 400, "line 1"),
                at("POST /routes", "text/plain", "{}", 415, "application/json"),
                at("POST /routes", "application/xml", "<route/>", 415, "application/json"),
                at("POST /routes", "multipart/form-data; boundary=x", "--x--", 415, "application/json"),
                at("POST /routes", "application/json; charset=utf-16", "{}", 400, "utf-8"),
                at("PUT /routes/web", JSON, "[]", 400, "an array"),
                at("PUT /routes/web", JSON, "", 400, "empty"),
                at("PUT /routes/web", "application/merge-patch+json", "{}", 415, "application/json"),
                at("PATCH /routes/web", JSON, "[{\"op\": \"remove\", \"path\": \"/target\"}]", 400, "an array"),
                at("PATCH /routes/web", "application/json-patch+json", "[]", 415, "application/json"),
                at("PATCH /backends/localhost:3000", JSON, "{}", 422, "nothing to set"),
                at("PATCH /backends/localhost:3000", JSON, "{\"state\": \"off\"}", 422, "up, drain, down"),
                at("PATCH /backends/localhost:3000", JSON, "{\"state\": 1}", 422, "up, drain, down"),
                at("PATCH /backends/localhost:3000", JSON, "{\"state\": \"up\", \"weight\": 2}", 422, "weight"),
                at("PATCH /backends/localhost:3000", JSON, "\"drain\"", 400, "a string"),
                at("POST /explain", JSON, "{}", 400, "url is missing"),
                at("POST /explain", JSON, "{\"url\": 7}", 400, "a number"),
                at("POST /explain", JSON, "{\"url\": \"/\", \"verb\": \"GET\"}", 400, "unknown key verb"),
                at("POST /explain", JSON, "{\"url\": \"/%zz\"}", 400, ""),
                at("POST /explain", JSON, "{\"url\": \"http://me:pw@a/\"}", 400, "user"),
                at("POST /explain", JSON, "{\"url\": \"/\", \"headers\": [\"a\"]}", 400, "an array"),
                at("POST /explain", JSON, "{\"url\": \"/\", \"headers\": {\"a\": [1]}}", 400, "an array"),
                at("POST /validate", JSON, "{\"proxy\": ", 400, "line 1"),
                at("POST /validate", JSON, "[]", 400, "an array"),
                at("DELETE /routes", JSON, "{}", 405, "GET"),
                at("POST /status", JSON, "{}", 405, "GET"),
                at("POST /nowhere", JSON, "{}", 404, "openapi.json"));
    }

    private static Arguments at(String request, String type, String body, int status, String detail) {
        return Arguments.of(request, type, body, status, detail);
    }

    @ParameterizedTest(name = "[{index}] {0} {1}")
    @MethodSource("bodies")
    void isAnsweredWithAProblem(String request, String type, String body, int status, String detail) throws Exception {
        String before = Files.readString(admin.file());
        String[] line = request.split(" ", 2);

        AdminHarness.Answer answer = admin.send(line[0], line[1], body, "Content-Type", type);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText())
                .contains(detail)
                .doesNotContain("Exception", "fasterxml", "Source", "(code")
                .endsWith(".");
        assertThat(Files.readString(admin.file())).isEqualTo(before);
    }

    @Test
    void refusesABodyThatIsNotUtf8() throws Exception {
        RawHttp answer = RawHttp.send(
                admin.port(),
                "",
                "POST /routes HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 12",
                "",
                "{\"host\":\"\u00E9\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("not valid UTF-8");
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeReadingIt() throws Exception {
        RawHttp answer = RawHttp.send(
                admin.port(),
                "",
                "POST /routes HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 99999999999");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void readsNoMoreThanItsBound() throws Exception {
        String chunk = "100000\r\n" + " ".repeat(0x100000) + "\r\n";

        RawHttp answer = RawHttp.send(
                admin.port(),
                chunk.repeat(4) + "1\r\n \r\n0\r\n\r\n",
                "POST /routes HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked");

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void answersABodyThatBreaksOff() throws Exception {
        RawHttp answer = RawHttp.send(
                admin.port(),
                "zz\r\nnot a chunk\r\n",
                "POST /routes HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("Exception", "<html");
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void refusesAMalformedCondition(String name, String value) throws Exception {
        AdminHarness.Answer answer = admin.send("DELETE", "/routes/web", "", name, value);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:portway:problem:bad-parameter");
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of("If-Match", "abc"),
                Arguments.of("If-Match", "\"abc"),
                Arguments.of("If-Match", "\"a\" \"b\""),
                Arguments.of("If-Match", "*, \"a\""),
                Arguments.of("If-Match", ""),
                Arguments.of("If-None-Match", "\"abc\""));
    }

    @ParameterizedTest
    @MethodSource("leases")
    void refusesALeaseWhereItWouldNotGoAway(String method, String path) throws Exception {
        AdminHarness.Answer answer = admin.send(method, path, "{\"host\": \"a\", \"target\": 1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText()).contains("is for a lease");
    }

    static Stream<Arguments> leases() {
        return Stream.of(
                Arguments.of("PUT", "/routes/tmp?owner=me"),
                Arguments.of("POST", "/routes?ttl="),
                Arguments.of("PATCH", "/routes/web?ttl=30s"));
    }
}
