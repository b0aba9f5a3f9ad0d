package dev.portway.policy.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "/a/b%2Fc?x=%41, https://new.example/a/b%2Fc?x=%41",
        "/a,             https://new.example/a",
        "//evil.example, https://new.example//evil.example"
    })
    void redirectsToAnotherHost(String target, String location) throws Exception {
        try (ProxyHarness proxy = redirecting("\"to\": \"https://new.example{request.path}?{request.query}\"")) {
            RawClient.Response answer = get(proxy, target);

            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.field("Location")).isEqualTo(location);
            assertThat(answer.field("Content-Length")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "//evil.example, /evil.example",
        "/\\evil.example, /%5Cevil.example",
        "///evil.example/x, /evil.example/x"
    })
    void redirectsNobodyToAHostOfTheClientsChoice(String target, String location) throws Exception {
        try (ProxyHarness proxy = redirecting("\"to\": \"{request.path}\", \"status\": 302")) {
            RawClient.Response answer = get(proxy, target);

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.field("Location")).isEqualTo(location);
        }
    }

    @Test
    void redirectsToHttpsOnTheSameHost() throws Exception {
        try (ProxyHarness proxy = redirecting("\"to\": \"https://{request.host}{request.path}\", \"status\": 301")) {
            RawClient.Response answer =
                    proxy.raw("POST /x HTTP/1.1\r\nHost: Shop.example:8080\r\nContent-Length: 2\r\n\r\nab");

            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.field("Location")).isEqualTo("https://shop.example/x");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsWithTheStatusThatIsSaid(int status) throws Exception {
        try (ProxyHarness proxy = redirecting("\"to\": \"https://new.example{request.path}\", \"status\": " + status)) {
            RawClient.Response answer = proxy.raw("PUT /a%20b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("Location")).isEqualTo("https://new.example/a%20b");
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    void answersWhatTheConfigurationSays() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.withRoutes("""
                [
                  { "id": "tea", "path": "/tea", "respond": { "status": 418, "body": "short and stout",
                    "headers": { "X-Route": "{route.id}" } }, "response": { "headers": { "set": { "X-Last": "1" } } } },
                  { "id": "json", "path": "/json", "respond": { "body": "{}", "headers": { "content-type": "application/json" } } },
                  { "id": "none", "path": "/none", "respond": { "status": 204 } }
                ]
                """);
                RawClient client = proxy.connect()) {
            RawClient.Response tea =
                    client.send("GET /tea HTTP/1.1\r\nHost: a\r\n\r\n").read();
            RawClient.Response head =
                    client.send("HEAD /tea HTTP/1.1\r\nHost: a\r\n\r\n").read("HEAD");
            RawClient.Response json =
                    client.send("GET /json HTTP/1.1\r\nHost: a\r\n\r\n").read();
            RawClient.Response none =
                    client.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").read();

            assertThat(tea.status()).isEqualTo(418);
            assertThat(tea.text()).isEqualTo("short and stout");
            assertThat(tea.field("X-Route")).isEqualTo("tea");
            assertThat(tea.field("X-Last")).isEqualTo("1");
            assertThat(tea.field("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
            assertThat(head.field("Content-Length")).isEqualTo("15");
            assertThat(json.all("Content-Type")).containsExactly("application/json");
            assertThat(none.status()).isEqualTo(204);
            assertThat(none.field("Content-Length")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "page.html, text/html;charset=utf-8",
        "data.json, application/json",
        "logo.png, image/png",
        "what, application/octet-stream"
    })
    void answersWithAFile(String name, String type, @TempDir Path folder) throws Exception {
        byte[] content = {(byte) 0xFF, 0, 1, 'a'};
        Path file = Files.write(folder.resolve(name), content);
        try (ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[{ \"id\": \"a\", \"respond\": { \"status\": 404, \"file\": \"" + file + "\" } }]");
                RawClient client = proxy.connect()) {
            Files.delete(file); // it was read before

            RawClient.Response answer =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read();
            RawClient.Response again =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read();
            RawClient.Response head =
                    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read("HEAD");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(content);
            assertThat(again.body()).isEqualTo(content);
            assertThat(answer.field("Content-Type")).isEqualToIgnoringCase(type);
            assertThat(head.field("Content-Length")).isEqualTo("4");
            assertThat(proxy.admin("GET", "/routes/a?effective=true", null).body())
                    .contains("4 bytes", name);
        }
    }

    @Test
    void takesUpAFileThatHasChanged(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("page.txt"), "one");
        try (ProxyHarness proxy = ProxyHarness.withRoutes("[{ \"id\": \"a\", \"respond\": { \"file\": \"" + file
                + "\", \"headers\": { \"Content-Type\": \"text/x-own\" } } }]")) {
            assertThat(proxy.get("/").body()).isEqualTo("one");
            Files.writeString(file, "two");
            assertThat(proxy.get("/").body()).isEqualTo("one");

            proxy.admin("POST", "/reload", "");

            assertThat(proxy.get("/").body()).isEqualTo("two");
            assertThat(proxy.get("/").headers().allValues("Content-Type")).containsExactly("text/x-own");
        }
    }

    @Test
    void isSeenAsWellAndWithoutBackends() throws Exception {
        try (ProxyHarness proxy = redirecting("\"to\": \"/there\"")) {
            assertThat(proxy.admin("GET", "/routes/a?effective=true", null).body())
                    .contains("\"redirect\"", "\"targets\": []", "\"up\"");
            assertThat(proxy.admin("GET", "/backends", null).body().strip()).isEqualTo("[]");
            assertThat(proxy.admin("GET", "/", null).body()).contains("308 to /there");
            assertThat(proxy.admin("POST", "/explain", "{\"url\": \"/x\"}").body())
                    .contains("/there");
            assertThat(proxy.admin("GET", "/healthcheck", null).statusCode()).isEqualTo(200);
        }
    }

    private static RawClient.Response get(ProxyHarness proxy, String target) throws Exception {
        return proxy.raw("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static ProxyHarness redirecting(String redirect) {
        return ProxyHarness.withRoutes("[{ \"id\": \"a\", \"redirect\": { " + redirect + " } }]");
    }
}
