package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthPolicyTest {

    private static final String API_KEYS =
            "\"apiKey\": { \"keys\": { \"ci\": \"" + Credentials.hash(Credentials.KEY) + "\" } }";

    private final Origin origin = Origin.replying(200, "let in");

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void letsInWhoKnowsThePasswordAndAsksOthersForIt() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic() + ", \"realm\": \"staging\"")) {
            RawClient.Response asked = get(proxy, "/", "");
            RawClient.Response wrong = get(proxy, "/", "Authorization: " + Credentials.basic("ada", "wrong") + "\r\n");
            RawClient.Response stranger = get(proxy, "/", "Authorization: " + Credentials.basic("eve", "x") + "\r\n");
            RawClient.Response right = get(proxy, "/", Credentials.right());

            assertThat(List.of(asked.status(), wrong.status(), stranger.status()))
                    .containsOnly(401);
            assertThat(asked.field("WWW-Authenticate")).isEqualTo("Basic realm=\"staging\", charset=\"UTF-8\"");
            assertThat(right.text()).isEqualTo("let in");
            assertThat(origin.take().field("X-Auth-User")).isEqualTo("ada");
            assertThat(origin.untaken()).isEmpty();
        }
    }

    /** Jetty's parser would remember fields of a connection, whatever their capitals; others may send by the same one. */
    @Test
    void tellsCredentialsFromThoseBeforeByTheirCapitals() throws Exception {
        String right = Credentials.right();
        String coded = right.substring(right.indexOf("Basic ") + 6).strip();
        String capitals = coded.toUpperCase(Locale.ROOT);
        try (ProxyHarness proxy = asking(Credentials.basic());
                RawClient client = proxy.connect()) {
            for (int round = 0; round < 3; round++) {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n" + right + "\r\n");
                assertThat(client.read().status()).isEqualTo(200);

                client.send("GET / HTTP/1.1\r\nHost: x\r\n" + right.replace(coded, capitals) + "\r\n");
                assertThat(client.read().status()).isEqualTo(401);
            }
        }
    }

    @Test
    void passesThePasswordOnOnlyIfTold() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic());
                ProxyHarness passing = asking(Credentials.basic() + ", \"passCredentials\": true")) {
            get(proxy, "/", Credentials.right());
            get(passing, "/", Credentials.right());

            assertThat(origin.take().field("Authorization")).isNull();
            assertThat(origin.take().field("Authorization")).startsWith("Basic ");
        }
    }

    @Test
    void letsInKeysByHeaderOrParameterAndHidesBoth() throws Exception {
        String hash = Credentials.hash(Credentials.KEY);
        try (ProxyHarness proxy =
                asking("\"apiKey\": { \"header\": \"X-Key\", \"query\": \"key\", \"keys\": { \"ci\": \"" + hash
                        + "\" } }, \"identity\": { \"X-Who\": \"{auth.name}\", \"X-How\": \"{auth.method}\" }")) {
            assertThat(get(proxy, "/?a=%20&key=" + Credentials.KEY + "&b", "").status())
                    .isEqualTo(200);
            Origin.Received byParameter = origin.take();
            assertThat(get(proxy, "/?k%65y=" + Credentials.KEY, "").status()).isEqualTo(200);
            Origin.Received byEscaped = origin.take();
            assertThat(get(proxy, "/", "x-key: " + Credentials.KEY + "\r\n").status())
                    .isEqualTo(200);
            Origin.Received byHeader = origin.take();

            assertThat(byParameter.requestLine()).isEqualTo("GET /?a=%20&b HTTP/1.1");
            assertThat(byEscaped.requestLine()).isEqualTo("GET / HTTP/1.1");
            assertThat(byHeader.toString()).doesNotContain(Credentials.KEY);
            assertThat(byHeader.field("X-Who")).isEqualTo("ci");
            assertThat(byHeader.field("X-How")).isEqualTo("apiKey");
            assertThat(get(proxy, "/?key=wrong", "").status()).isEqualTo(401);
            assertThat(get(proxy, "/?key=" + hash, "").status()).isEqualTo(401);
            assertThat(get(proxy, "/?key=" + Credentials.KEY, "X-Key: wrong\r\n")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void readsAFileOfKeysAgainWhenItHasChanged() throws Exception {
        Path file = Credentials.file("# keys\nold:" + Credentials.hash("old-key") + "\nbroken line\n");
        try (ProxyHarness proxy = asking("\"apiKey\": { \"file\": \"" + file + "\" }")) {
            assertThat(get(proxy, "/", "X-Api-Key: old-key\r\n").status()).isEqualTo(200);

            Files.writeString(file, "newer:" + Credentials.hash("new-key") + "\n");

            await().untilAsserted(() -> assertThat(
                            get(proxy, "/", "X-Api-Key: new-key\r\n").status())
                    .isEqualTo(200));
            assertThat(get(proxy, "/", "X-Api-Key: old-key\r\n").status()).isEqualTo(401);
        }
    }

    @Test
    void letsInWhoIsAcceptedInAnyOneWay() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic() + ", " + API_KEYS)) {
            assertThat(get(proxy, "/", "X-Api-Key: " + Credentials.KEY + "\r\n").status())
                    .isEqualTo(200);
            assertThat(get(proxy, "/", "X-Api-Key: wrong\r\n" + Credentials.right())
                            .status())
                    .isEqualTo(200);
            RawClient.Response refused = get(proxy, "/", "X-Api-Key: wrong\r\n");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.all("WWW-Authenticate"))
                    .containsExactlyInAnyOrder(
                            "Basic realm=\"portway\", charset=\"UTF-8\"", "ApiKey realm=\"portway\"");
        }
    }

    @Test
    void asksOnlyUnderItsPaths() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic() + ", \"paths\": [\"/admin\"]")) {
            assertThat(get(proxy, "/open", "").status()).isEqualTo(200);
            assertThat(get(proxy, "/administrator", "").status()).isEqualTo(200);
            assertThat(get(proxy, "/admin", "").status()).isEqualTo(401);
            assertThat(get(proxy, "/admin/x", Credentials.right()).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Auth-User", "x-auth-user", "X_Auth_User", "X.AUTH-USER", "X-AUTH_USER"})
    void takesNobodysWordForWhoTheyAre(String header) throws Exception {
        try (ProxyHarness proxy = ProxyHarness.withRoutes("""
                [
                  { "id": "guarded", "path": "/guarded", "target": "%1$s", "auth": { %2$s } },
                  { "id": "partly", "path": "/partly", "target": "%1$s", "auth": { %2$s, "paths": ["/partly/x"] } },
                  { "id": "open", "path": "/open", "target": "%1$s" }
                ]
                """.formatted(origin.url(), Credentials.basic()))) {
            String claim = header + ": root\r\n";
            for (String path : List.of("/partly", "/open")) {
                assertThat(get(proxy, path, claim).status()).isEqualTo(200);
                assertThat(origin.take().toString()).doesNotContainIgnoringCase("root");
            }
            assertThat(get(proxy, "/guarded", claim + Credentials.right()).status())
                    .isEqualTo(200);
            Origin.Received received = origin.take();
            assertThat(received.toString()).doesNotContainIgnoringCase("root");
            assertThat(received.field("X-Auth-User")).isEqualTo("ada");
        }
    }

    @Test
    void takesNobodysWordBehindTheBodyEither() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic())) {
            RawClient.Response response = proxy.raw(
                    "POST / HTTP/1.1\r\nHost: a\r\n" + Credentials.right()
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Auth-User: root\r\nX_Auth_User: root\r\nX-Sum: 1\r\n\r\n");

            assertThat(response.status()).isEqualTo(200);
            assertThat(origin.take().trailers()).containsIgnoringCase("X-Sum").doesNotContain("root");
        }
    }

    @Test
    void keepsWhatItSaysOfWhoAsksWhateverConnectionNames() throws Exception {
        try (ProxyHarness proxy = asking(Credentials.basic())) {
            get(proxy, "/", "Connection: X-Auth-User\r\n" + Credentials.right());

            assertThat(origin.take().field("X-Auth-User")).isEqualTo("ada");
        }
    }

    @Test
    void takesTheRuleOfSecurityAndARoutesOwnInItsPlace() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.of("""
                {
                  "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": [
                    { "id": "own", "path": "/own", "target": "%1$s", "auth": { %3$s } },
                    { "id": "none", "path": "/none", "target": "%1$s", "auth": false }
                  ],
                  "default": { "target": "%1$s" },
                  "logging": { "level": "WARN", "access": false },
                  "security": { "auth": { %2$s } }
                }
                """.formatted(origin.url(), Credentials.basic(), API_KEYS))) {
            assertThat(get(proxy, "/", "").status()).isEqualTo(401);
            assertThat(get(proxy, "/", Credentials.right()).status()).isEqualTo(200);
            assertThat(get(proxy, "/own", Credentials.right()).status()).isEqualTo(401);
            assertThat(get(proxy, "/none", "").status()).isEqualTo(200);
            assertThat(proxy.admin("GET", "/routes/own?effective=true", null).body())
                    .contains("\"X-Auth-User\"")
                    .doesNotContain(Credentials.hash(Credentials.KEY));
        }
    }

    @Test
    void letsInByAddress() throws Exception {
        try (ProxyHarness proxy =
                ProxyHarness.with("\"trustedProxies\": [\"127.0.0.1\"]", """
                [{ "id": "a", "target": "%s",
                   "clients": { "allow": ["10.0.0.0/8", "2001:db8::/32"], "deny": ["10.1.0.0/16"] } }]
                """.formatted(origin.url()))) {
            assertThat(get(proxy, "/", "").status()).isEqualTo(403);
            assertThat(get(proxy, "/", "X-Forwarded-For: 10.2.3.4\r\n").status())
                    .isEqualTo(200);
            assertThat(get(proxy, "/", "X-Forwarded-For: 2001:db8::7\r\n").status())
                    .isEqualTo(200);
            assertThat(get(proxy, "/", "X-Forwarded-For: 10.1.3.4\r\n").status())
                    .isEqualTo(403);
            assertThat(get(proxy, "/", "X-Forwarded-For: 10.2.3.4, 192.0.2.1\r\n")
                            .status())
                    .isEqualTo(403);
            assertThat(get(proxy, "/", "X-Forwarded-For: ::ffff:10.1.3.4\r\n").status())
                    .isEqualTo(403);
        }
    }

    private ProxyHarness asking(String members) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { " + members + " } }]");
    }

    private static RawClient.Response get(ProxyHarness proxy, String path, String fields) throws Exception {
        return proxy.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    }
}
