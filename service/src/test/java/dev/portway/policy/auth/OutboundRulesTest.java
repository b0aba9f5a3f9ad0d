package dev.portway.policy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of {@code security} that keep somebody out, where they are met by requests for other hosts. */
class OutboundRulesTest {

    private static final String ELSEWHERE = "127.0.0.2";
    private static final String RIGHT = Credentials.basic(Credentials.USER, Credentials.PASSWORD);

    private static Origin origin;

    @BeforeAll
    static void start() {
        origin = Origin.on(ELSEWHERE, exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    @AfterAll
    static void stop() {
        origin.close();
    }

    @AfterEach
    void forget() {
        origin.forget();
    }

    @Test
    void asksForAPasswordAsAProxyDoes() throws Exception {
        try (ProxyHarness proxy = secured("\"auth\": { " + Credentials.basic() + " }", "")) {
            for (String right :
                    List.of("", "Authorization: " + RIGHT + "\r\n", twice("Proxy-Authorization: " + RIGHT))) {
                for (RawClient.Response refused : List.of(connect(proxy, right), absolute(proxy, "/", right))) {
                    assertThat(refused.status()).isEqualTo(407);
                    assertThat(refused.field("Proxy-Authenticate"))
                            .isEqualTo("Basic realm=\"portway\", charset=\"UTF-8\"");
                    assertThat(refused.all("WWW-Authenticate")).isEmpty();
                }
            }
            try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                byte[] fields = RawHttp2.block(":method", "CONNECT", ":authority", place());
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, fields);
                MetaData.Response refused =
                        (MetaData.Response) client.await(RawHttp2.HEADERS).data();
                assertThat(refused.getStatus()).isEqualTo(407);
                assertThat(refused.getHttpFields().stream().map(HttpField::getLowerCaseName))
                        .contains("proxy-authenticate");
            }
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void whatIsSaidToTheOtherHostIsLeftToIt() throws Exception {
        try (ProxyHarness proxy = secured("\"auth\": { " + Credentials.basic() + " }", "")) {
            String right = "Proxy-Authorization: " + RIGHT + "\r\n";
            assertThat(connect(proxy, right).status()).isEqualTo(200);

            String there = "Authorization: Basic bWU6dGhlcmU=\r\n";
            assertThat(absolute(proxy, "/", right + there).status()).isEqualTo(200);

            Origin.Received got = origin.take();
            assertThat(got.field("Authorization")).isEqualTo("Basic bWU6dGhlcmU=");
            assertThat(got.field("Proxy-Authorization")).isNull();
            assertThat(got.field("X-Auth-User"))
                    .as("who asks is no other host's business")
                    .isNull();
        }
    }

    @Test
    void aKeyOpensATunnelAndIsNotTaken() throws Exception {
        String rule = "\"auth\": { \"apiKey\": { \"header\": \"X-Api-Key\", \"keys\": { \"ci\": \""
                + Credentials.hash(Credentials.KEY) + "\" } } }";
        try (ProxyHarness proxy = secured(rule, "")) {
            String key = "X-Api-Key: " + Credentials.KEY + "\r\n";
            assertThat(connect(proxy, "").field("Proxy-Authenticate")).isEqualTo("ApiKey realm=\"portway\"");
            assertThat(connect(proxy, key).status()).isEqualTo(200);
            assertThat(absolute(proxy, "/", "").status()).isEqualTo(407);
            assertThat(absolute(proxy, "/", key).status()).isEqualTo(200);

            assertThat(origin.take().field("X-Api-Key")).isNull();
        }
    }

    @Test
    void whoAsksForAPartOfAllPathsAsksForTunnelsToo() throws Exception {
        String rule = "\"auth\": { " + Credentials.basic() + ", \"paths\": [\"/admin\"] }";
        try (ProxyHarness proxy = secured(rule, "")) {
            assertThat(connect(proxy, "").status()).isEqualTo(407);
            assertThat(absolute(proxy, "/%61dmin", "").status()).isEqualTo(407);
            assertThat(absolute(proxy, "/open", "").status()).isEqualTo(200);
        }
    }

    @Test
    void anotherServiceSaysWhoGetsATunnel() throws Exception {
        try (Origin service = Origin.answering(exchange -> {
                    boolean right = RIGHT.equals(exchange.request().field("Authorization"));
                    exchange.write(
                            right
                                    ? "HTTP/1.1 200 OK\r\nX-User: ada\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno");
                });
                ProxyHarness proxy = secured(
                        "\"auth\": { \"forward\": { \"url\": \"" + service.url()
                                + "/check\", \"copy\": [\"X-User\"] } }",
                        "")) {
            RawClient.Response refused = connect(proxy, "Authorization: " + RIGHT + "\r\nCookie: a=b\r\n");
            assertThat(refused.status()).isEqualTo(407);
            assertThat(refused.field("Proxy-Authenticate")).isEqualTo("Basic realm=\"x\"");
            assertThat(refused.all("WWW-Authenticate")).isEmpty();
            Origin.Received asked = service.take();
            assertThat(asked.field("X-Forwarded-Method")).isEqualTo("CONNECT");
            assertThat(asked.field("X-Forwarded-Uri")).isEqualTo(place());
            assertThat(asked.field("Cookie")).isNull();

            assertThat(connect(proxy, "Proxy-Authorization: " + RIGHT + "\r\n").status())
                    .isEqualTo(200);
            assertThat(absolute(proxy, "/", "Proxy-Authorization: " + RIGHT + "\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(origin.take().field("X-User")).isNull();
        }
    }

    @Test
    void theTunnelsOwnPasswordsStandInPlaceOfTheRuleForAll() throws Exception {
        String rule = "\"auth\": { \"apiKey\": { \"header\": \"X-Api-Key\", \"keys\": { \"ci\": \""
                + Credentials.hash(Credentials.KEY) + "\" } } }";
        try (ProxyHarness proxy = secured(rule, ", \"credentials\": \"" + Credentials.htpasswd() + "\"")) {
            assertThat(connect(proxy, "X-Api-Key: " + Credentials.KEY + "\r\n").status())
                    .isEqualTo(407);
            assertThat(connect(proxy, "Proxy-Authorization: " + RIGHT + "\r\n").status())
                    .isEqualTo(200);
        }
        try (ProxyHarness proxy = secured(rule, ", \"credentials\": false")) {
            assertThat(connect(proxy, "").status()).isEqualTo(200);
        }
    }

    @Test
    void aLimitCountsRequestsAndTunnelsTogether() throws Exception {
        String limit = "\"rateLimit\": { \"requests\": 3, \"per\": \"1h\" }";
        try (Origin here = Origin.replying(200, "ok");
                ProxyHarness proxy = secured(limit, "", "[{ \"target\": \"" + here.url() + "\" }]")) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(connect(proxy, "").status()).isEqualTo(200);
            assertThat(absolute(proxy, "/", "").status()).isEqualTo(200);

            assertThat(connect(proxy, "").status()).isEqualTo(429);
            assertThat(absolute(proxy, "/", "").status()).isEqualTo(429);
            assertThat(proxy.get("/").statusCode()).isEqualTo(429);
        }
        try (ProxyHarness proxy = secured(limit.replace("3", "1"), ", \"rateLimit\": false")) {
            assertThat(connect(proxy, "").status()).isEqualTo(200);
            assertThat(connect(proxy, "").status()).isEqualTo(200);
        }
    }

    @Test
    void aFilterHoldsAsFarAsTheProxySees() throws Exception {
        try (ProxyHarness proxy = secured(
                "\"filter\": { \"methods\": [\"GET\"], \"blockedPaths\": [\"/admin\"], \"maxHeaders\": 4 }", "")) {
            assertThat(connect(proxy, "").status()).isEqualTo(405);
            assertThat(absolute(proxy, "/x/..;/admin", "").status()).isEqualTo(403);
            assertThat(absolute(proxy, "/", "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n").status())
                    .isEqualTo(431);
            assertThat(origin.untaken()).isEmpty();
            assertThat(absolute(proxy, "/", "").status()).isEqualTo(200);
        }
        try (ProxyHarness proxy = secured("""
                "filter": { "methods": ["GET", "CONNECT"], "maxUrl": "100B", "maxHeaders": 2,
                            "response": { "statuses": [404] } }
                """, "")) {
            assertThat(absolute(proxy, "/", "").status()).isEqualTo(502);
            assertThat(connect(proxy, "A: 1\r\nB: 2\r\n").status()).isEqualTo(431);
            assertThat(connect(proxy, "").status())
                    .as("what comes in it is nobody's to see")
                    .isEqualTo(200);
        }
    }

    /** It was let in under the rules that it met; new ones are for those who come after them. */
    @Test
    void aReloadWhileSomebodyIsAskedForMakesNoDifferenceToIt() throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        try (Origin service = Origin.answering(exchange -> {
                    awaitQuietly(decided);
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                ProxyHarness proxy = secured("\"auth\": { \"forward\": { \"url\": \"" + service.url() + "\" } }", "");
                RawClient before = proxy.connect()) {
            String file = Files.readString(proxy.file());
            before.send("CONNECT " + place() + " HTTP/1.1\r\nHost: " + place() + "\r\n\r\n");
            service.take();

            Files.writeString(proxy.file(), file.replace("\"enabled\": true", "\"enabled\": false"));
            assertThat(proxy.admin("POST", "/reload", null).statusCode()).isEqualTo(200);
            decided.countDown();

            assertThat(before.readHead().status()).isEqualTo(200);
            assertThat(connect(proxy, "").status()).isEqualTo(405);
            Files.writeString(proxy.file(), file.replace("127.0.0.2:*", "127.0.0.3:*"));
            assertThat(proxy.admin("POST", "/reload", null).statusCode()).isEqualTo(200);
            assertThat(connect(proxy, "").status()).isEqualTo(403);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String twice(String line) {
        return line + "\r\n" + line + "\r\n";
    }

    private static String place() {
        return ELSEWHERE + ":" + origin.port();
    }

    private static RawClient.Response connect(ProxyHarness proxy, String fields) throws IOException {
        try (RawClient client = proxy.connect()) {
            return client.send("CONNECT " + place() + " HTTP/1.1\r\nHost: " + place() + "\r\n" + fields + "\r\n")
                    .readHead();
        }
    }

    private static RawClient.Response absolute(ProxyHarness proxy, String path, String fields) throws IOException {
        return proxy.raw("GET http://" + place() + path + " HTTP/1.1\r\nHost: " + place() + "\r\n" + fields + "\r\n");
    }

    private static ProxyHarness secured(String security, String tunnel) {
        return secured(security, tunnel, "[]");
    }

    private static ProxyHarness secured(String security, String tunnel, String routes) {
        return ProxyHarness.of("""
                { "proxy": { "port": 0, "admin": { "port": 0 },
                    "tunnel": { "enabled": true, "allow": ["127.0.0.2:*"]%s } },
                  "routes": %s, "default": { "target": null },
                  "logging": { "level": "WARN", "access": false },
                  "security": { %s } }
                """.formatted(tunnel, routes, security));
    }
}
