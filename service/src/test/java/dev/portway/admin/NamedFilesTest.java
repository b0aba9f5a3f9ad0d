package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.Portway;
import dev.portway.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files are named by the configuration file, and not by those who send routes. */
class NamedFilesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String REFUSAL =
            "is a file, which only the configuration file itself may name (expected: no such"
                    + " key here; write it into that file, which is applied when it is saved)";

    @TempDir
    private Path folder;

    @Test
    void noRouteThatIsSentNamesAFile() throws Exception {
        Map<String, String> routes = new LinkedHashMap<>();
        routes.put("/respond/file", "{ 'respond': { 'file': 'FILE' } }");
        routes.put("/auth/basic/file", "{ 'target': 3000, 'auth': { 'basic': { 'file': 'FILE' } } }");
        routes.put("/auth/apiKey/file", "{ 'target': 3000, 'auth': { 'apiKey': { 'file': 'FILE' } } }");
        routes.put("/auth/jwt/keys", "{ 'target': 3000, 'auth': { 'jwt': { 'keys': 'FILE' } } }");
        routes.put("/sticky/secret/file", "{ 'target': 3000, 'sticky': { 'secret': { 'file': 'FILE' } } }");
        routes.put("/tls/ca", "{ 'target': 'https://a.test', 'tls': { 'ca': 'FILE' } }");
        routes.put(
                "/tls/certificate", "{ 'target': 'https://a.test', 'tls': { 'certificate': 'FILE', 'key': 'FILE' } }");
        routes.put("/tls/key", "{ 'target': 'https://a.test', 'tls': { 'certificate': 'FILE', 'key': 'FILE' } }");
        routes.put("/targets/0/tls/ca", "{ 'targets': [{ 'url': 'https://a.test', 'tls': { 'ca': 'FILE' } }] }");
        Path there = Files.writeString(folder.resolve("there.txt"), "a secret of at least 16 characters");
        try (AdminHarness admin = AdminHarness.routing("[{ \"id\": \"old\", \"target\": 3000 }]")) {
            String before = Files.readString(admin.file());
            admin.send("PUT", "/routes/leased?ttl=30s&owner=me", "{ \"host\": \"c\", \"target\": 1 }");

            for (Map.Entry<String, String> route : routes.entrySet()) {
                String pointer = route.getKey();
                String template = route.getValue().replace('\'', '"');
                String absent =
                        template.replace("FILE", folder.resolve("absent.txt").toString());
                String body = template.replace("FILE", there.toString());
                String two = "[{ \"host\": \"b\", \"target\": 1 }, " + body + "]";

                assertRefused(admin.send("POST", "/routes", body), pointer);
                assertRefused(admin.send("POST", "/routes", two), "/1" + pointer);
                assertRefused(admin.send("PUT", "/routes/new", body), pointer);
                assertRefused(admin.send("PUT", "/routes/old", body), pointer);
                assertRefused(admin.send("PATCH", "/routes/old", patch(body)), pointer);
                assertRefused(admin.send("PUT", "/routes/new?ttl=30s&owner=me", body), pointer);
                assertRefused(admin.send("PATCH", "/routes/leased", patch(body)), pointer);
                assertRefused(admin.send("POST", "/routes", absent), pointer);
            }
            assertThat(Files.readString(admin.file())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"list", "object"})
    void aRouteOfTheFileKeepsItsFilesThroughEditsOfOtherKeys(String form) throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), "<p>hello");
        Path users = Files.writeString(folder.resolve("users"), "ada:x\n");
        String members =
                "\"respond\": { \"file\": \"" + page + "\" }, \"auth\": { \"basic\": { \"file\": \"" + users + "\" } }";
        try (AdminHarness admin = AdminHarness.routing(
                form.equals("list")
                        ? "[{ \"id\": \"a\", " + members + " }]"
                        : "{ \"/\": { \"id\": \"a\", " + members + " } }")) {
            assertThat(admin.send("PATCH", "/routes/a", "{ \"enabled\": false, \"respond\": { \"status\": 404 } }")
                            .status())
                    .isEqualTo(200);
            ObjectNode whole = (ObjectNode) admin.get("/routes/a").json();
            assertThat(admin.send("PUT", "/routes/a", whole.put("enabled", true).toString())
                            .status())
                    .isEqualTo(200);

            assertRefused(
                    admin.send("PATCH", "/routes/a", "{ \"respond\": { \"file\": \"" + users + "\" } }"),
                    "/respond/file");
            assertRefused(
                    admin.send("PATCH", "/routes/a", "{ \"auth\": { \"basic\": { \"file\": \"" + page + "\" } } }"),
                    "/auth/basic/file");
            assertRefused(
                    admin.send(
                            "PUT",
                            "/routes/b",
                            whole.put("id", "b").put("path", "/b").toString()),
                    "/auth/basic/file",
                    "/respond/file");
            assertThat(admin.send("PATCH", "/routes/a", "{ \"respond\": { \"file\": null } }")
                            .status())
                    .isEqualTo(200);
            assertRefused(
                    admin.send("PATCH", "/routes/a", "{ \"respond\": { \"file\": \"" + page + "\" } }"),
                    "/respond/file");
            assertThat(admin.send("POST", "/undo", "").status()).isEqualTo(200);
            assertThat(admin.get("/routes/a").json().at("/respond/file").asText())
                    .isEqualTo(page.toString());
        }
    }

    @Test
    void aTargetThatMovesUpKeepsItsFiles() throws Exception {
        String tls = "{ \"url\": \"https://a.test\", \"tls\": { \"ca\": \"" + TestCertificates.authority() + "\" } }";
        try (AdminHarness admin =
                AdminHarness.routing("{ \"/\": { \"id\": \"a\", \"targets\": [3000, " + tls + "] } }")) {
            assertThat(admin.send("PATCH", "/routes/a", "{ \"targets\": [" + tls + "] }")
                            .status())
                    .isEqualTo(200);
        }
    }

    /** The variable is one that every environment has. */
    @Test
    void whatTheFileKeepsIsSentToNoOtherBackend() throws Exception {
        String header = "\"request\": { \"headers\": { \"set\": { \"X-Key\": \"${PATH}\" } } }";
        try (AdminHarness admin = AdminHarness.routing("[{ \"id\": \"a\", \"target\": 3000, " + header + " }]")) {
            AdminHarness.Answer answer = admin.send("PATCH", "/routes/a", "{ \"target\": 6666 }");

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/target");
            assertThat(answer.json().at("/errors/0/message").asText())
                    .startsWith("sends what the file keeps at /request/headers/set/X-Key to somebody else (expected: ");
            assertThat(admin.send("PATCH", "/routes/a", "{ \"target\": 6666, \"request\": null }")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void validatingLooksAtNoFileThatIsNotInForce() throws Exception {
        Path there = Files.writeString(folder.resolve("there.txt"), "x");
        Path known = Files.writeString(folder.resolve("known.txt"), "x");
        try (AdminHarness admin = AdminHarness.routing("[{ \"respond\": { \"file\": \"" + known + "\" } }]")) {
            assertThat(validated(admin, "\"respond\": { \"file\": \"" + known + "\" }")
                            .toString())
                    .isEqualTo("{\"valid\":true,\"errors\":[],\"warnings\":[]}");
            for (String key : new String[] {
                "\"respond\": { \"file\": \"%s\" }",
                "\"target\": 3000, \"auth\": { \"basic\": { \"file\": \"%s\" } }",
                "\"target\": 3000, \"auth\": { \"jwt\": { \"keys\": \"%s\" } }",
                "\"target\": \"https://a.test\", \"tls\": { \"certificate\": \"%1$s\", \"key\": \"%1$s\" }"
            }) {
                JsonNode present = validated(admin, key.formatted(there));
                JsonNode absent = validated(admin, key.formatted(folder.resolve("absnt.txt")));

                assertThat(present.at("/valid").asBoolean()).isTrue();
                assertThat(present.at("/warnings/0/message").asText())
                        .endsWith(" is not looked at (expected: a file that"
                                + " the configuration in force names under the same key)");
                assertThat(present.toString()).isEqualTo(absent.toString().replace("absnt", "there"));
            }
        }
    }

    @Test
    void theProgramThatAProxyIsAPartOfMayNameFiles() throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), "<p>hello", UTF_8);
        try (Portway portway = Portway.builder().start()) {
            assertThat(portway.addRoute("{ \"respond\": { \"file\": \"" + page + "\" } }"))
                    .isNotEmpty();
        }
    }

    private static JsonNode validated(AdminHarness admin, String members) throws Exception {
        String config = "{ \"proxy\": { \"port\": 8080 }, \"routes\": [{ " + members
                + " }], \"default\": { \"target\": null } }";
        return admin.send("POST", "/validate", config).json();
    }

    private static String patch(String route) throws IOException {
        ObjectNode patch = (ObjectNode) MAPPER.readTree(route);
        patch.putNull("host");
        if (!patch.has("target")) {
            patch.putNull("target");
        }
        return patch.toString();
    }

    private static void assertRefused(AdminHarness.Answer answer, String... pointers) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        JsonNode errors = answer.json().path("errors");
        for (String pointer : pointers) {
            assertThat(errors).as(answer.body()).anySatisfy(error -> {
                assertThat(error.path("pointer").asText()).isEqualTo(pointer);
                assertThat(error.path("message").asText()).endsWith(REFUSAL);
            });
        }
    }
}
