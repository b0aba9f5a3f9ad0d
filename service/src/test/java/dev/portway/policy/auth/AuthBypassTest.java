package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways round a rule that asks who it is, to a backend that gives its secret away for whatever it reads as {@code /admin}. */
class AuthBypassTest {

    private static final String SECRET = "the-secret";
    private static final String HOST = "Host: localhost\r\n";

    private static Origin origin;
    private static List<ProxyHarness> proxies;

    @BeforeAll
    static void start() {
        origin = Origin.answering(AuthBypassTest::answer);
        String auth = "\"auth\": { " + Credentials.basic();
        proxies = List.of(
                ProxyHarness.withRoutes(
                        "[{ \"target\": \"" + origin.url() + "\", " + auth + ", \"paths\": [\"/admin\"] } }]"),
                ProxyHarness.withRoutes("[{ \"id\": \"open\", \"target\": \"" + origin.url()
                        + "\" }, { \"id\": \"guarded\", \"path\": \"/admin\", \"target\": \"" + origin.url() + "\", "
                        + auth + " } }]"));
    }

    @AfterAll
    static void stop() {
        proxies.forEach(ProxyHarness::close);
        origin.close();
    }

    @AfterEach
    void forget() {
        origin.forget();
    }

    static Stream<String> paths() {
        return Stream.of(
                "/admin",
                "/admin/",
                "/Admin/",
                "/admin/users",
                "/%61dmin",
                "/%2561dmin",
                "/%61%64%6d%69%6e/",
                "//admin",
                "///admin//",
                "/./admin",
                "/x/../admin/",
                "/x/%2e%2e/admin/",
                "/x/%2E./admin",
                "/x%2f..%2fadmin",
                "/x%5c..%5cadmin",
                "/x/..;/admin",
                "/x/..;a=b/admin",
                "/admin;x=1",
                "/admin;/",
                "/;/admin",
                "/admin/..;/admin",
                "/%2fadmin",
                "/%2e/admin",
                "/%c0%afadmin",
                "/x/%252e%252e/admin");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void noPathLeadsRoundItOverHttp1(String path) throws Exception {
        for (ProxyHarness proxy : proxies) {
            for (String method : List.of("GET", "HEAD", "POST", "OPTIONS", "PROPFIND")) {
                assertRefused(proxy, method + " " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n");
            }
            assertRefused(
                    proxy, "GET http://localhost:" + proxy.proxy().getPort() + path + " HTTP/1.1\r\n" + HOST + "\r\n");
            assertRefused(proxy, """
                    GET %s HTTP/1.1
                    Host: localhost
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                    Sec-WebSocket-Version: 13

                    """.formatted(path).replace("\n", "\r\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void noPathLeadsRoundItOverHttp2(String path) throws Exception {
        for (ProxyHarness proxy : proxies) {
            try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                client.get(1, path);
                assertRefused(client, path);
                String[] webSocket =
                        RawHttp2.request("CONNECT", path, ":protocol", "websocket", "sec-websocket-version", "13");
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 3, RawHttp2.block(webSocket));
                assertRefused(client, path);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-HTTP-Method-Override: OPTIONS",
                "X-Original-URL: /open",
                "X-Rewrite-URL: /open",
                "X-Forwarded-For: 127.0.0.1",
                "X-Auth-User: ada",
                "X_Auth_User: ada",
                "Origin: http://a.test\r\nAccess-Control-Request-Method: GET",
                "Proxy-Authorization: RIGHT",
                "Authorization: Bearer x\r\nAuthorization: RIGHT",
                "Authorization: RIGHT\r\nauthorization: RIGHT",
                "Authorization: RIGHT, RIGHT",
                "Authorization_: RIGHT",
                "X-Authorization: RIGHT",
                "Authorization: Basic",
                "Authorization: Basic Og==",
                "Authorization: basic !!!!",
                "Connection: Authorization"
            })
    void noHeaderLeadsRoundIt(String lines) throws Exception {
        String fields = lines.replace("RIGHT", Credentials.basic(Credentials.USER, Credentials.PASSWORD));
        for (ProxyHarness proxy : proxies) {
            for (String method : List.of("GET", "OPTIONS", "POST")) {
                assertRefused(
                        proxy, method + " /admin HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n" + fields + "\r\n\r\n");
            }
        }
    }

    @Test
    void noPseudoFieldLeadsRoundIt() throws Exception {
        for (ProxyHarness proxy : proxies) {
            for (String[] fields : List.of(
                    new String[] {":path", "/open", "x-original-url", "/admin", "authorization", "Basic Og=="},
                    new String[] {":path", "/admin", ":path", "/open"},
                    new String[] {":path", "/open", ":path", "/admin"},
                    new String[] {":path", "admin"})) {
                try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                    String[] all = Stream.concat(
                                    Stream.of(":method", "GET", ":scheme", "http", ":authority", "a.test"),
                                    Stream.of(fields))
                            .toArray(String[]::new);
                    client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, RawHttp2.block(all));
                    client.frame(RawHttp2.PING, 0, 0, new byte[8]);
                    client.await(RawHttp2.PING);
                }
                assertThat(origin.untaken())
                        .noneMatch(request -> readAsAdmin(request.requestLine().split(" ", -1)[1]));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.9", "[::ffff:127.0.0.1]"})
    void noTunnelLeadsRoundIt(String host) throws Exception {
        try (ProxyHarness proxy = ProxyHarness.with(
                "\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.0/8:*\", \"localhost:*\"] }",
                "[{ \"host\": \"app.test\", \"target\": " + origin.port() + ", \"auth\": { " + Credentials.basic()
                        + " } }]")) {
            String place = host + ":" + origin.port();

            RawClient.Response tunnel = proxy.raw("CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n\r\n");
            RawClient.Response absolute =
                    proxy.raw("GET http://" + place + "/admin HTTP/1.1\r\nHost: " + place + "\r\n\r\n");

            assertThat(tunnel.status()).isEqualTo(403);
            assertThat(absolute.status()).isEqualTo(403);
            try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                byte[] connect = RawHttp2.block(":method", "CONNECT", ":authority", place);
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, connect);
                MetaData.Response refused =
                        (MetaData.Response) client.await(RawHttp2.HEADERS).data();
                assertThat(refused.getStatus()).isEqualTo(403);
            }
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void letsInWhoIsRight() throws Exception {
        for (ProxyHarness proxy : proxies) {
            RawClient.Response served = proxy.raw("GET /admin HTTP/1.1\r\n" + HOST + Credentials.right() + "\r\n");

            assertThat(served.text()).isEqualTo(SECRET);
        }
    }

    @Test
    void letsAWebSocketInWhoseClientIsRight() throws Exception {
        try (Origin chat = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                    exchange.write(exchange.in().readNBytes(5));
                });
                ProxyHarness proxy = ProxyHarness.withRoutes("[{ \"target\": \"" + chat.url() + "\", \"auth\": { "
                        + Credentials.basic() + ", \"identity\": { \"X-Auth-User\": \"{auth.name}\" } } }]");
                RawClient client = proxy.connect()) {
            String ask = "GET /admin HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "X-Auth-User: root\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            assertThat(proxy.raw(ask + "\r\n").status()).isEqualTo(401);
            assertThat(chat.untaken()).isEmpty();

            assertThat(client.send(ask + Credentials.right() + "\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(101);
            client.send("hello");

            assertThat(client.in().readNBytes(5)).asString(ISO_8859_1).isEqualTo("hello");
            Origin.Received asked = chat.take();
            assertThat(asked.all("X-Auth-User")).containsExactly(Credentials.USER);
            assertThat(asked.field("Authorization")).isNull();
        }
    }

    private static void assertRefused(ProxyHarness proxy, String request) throws IOException {
        RawClient.Response response = proxy.raw(request);

        assertThat(response.text()).as(request).doesNotContain(SECRET);
        assertThat(response.status()).as(request).isIn(400, 401);
        assertThat(origin.untaken()).as(request).isEmpty();
    }

    private static void assertRefused(RawHttp2 client, String path) throws IOException {
        RawHttp2.Frame head = client.await(RawHttp2.HEADERS);

        assertThat(((MetaData.Response) head.data()).getStatus()).as(path).isIn(400, 401);
        assertThat(origin.untaken()).as(path).isEmpty();
    }

    private static void answer(Origin.Exchange exchange) throws IOException {
        exchange.readBody();
        String body = readAsAdmin(exchange.request().target()) ? SECRET : "open";
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
        if (!exchange.request().method().equals("HEAD")) {
            exchange.write(body);
        }
    }

    /** As careless as backends are. */
    private static boolean readAsAdmin(String target) {
        String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        for (int i = 0; i < 3; i++) {
            path = decoded(path);
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.replace("\\", "/").split("/", -1)) {
            String bare = segment.replaceAll(";.*", "");
            if (bare.equals("..")) {
                segments.pollLast();
            } else if (!bare.isEmpty() && !bare.equals(".")) {
                segments.add(bare);
            }
        }
        return !segments.isEmpty()
                && segments.getFirst().toLowerCase(Locale.ROOT).equals("admin");
    }

    private static String decoded(String path) {
        StringBuilder out = new StringBuilder();
        String overlong = path.replaceAll("(?i)%c0%af", "/");
        for (int i = 0; i < overlong.length(); i++) {
            if (overlong.charAt(i) == '%' && i + 2 < overlong.length()) {
                out.append(new String(
                        new byte[] {(byte) Integer.parseInt(overlong.substring(i + 1, i + 3), 16)}, ISO_8859_1));
                i += 2;
            } else {
                out.append(overlong.charAt(i));
            }
        }
        return out.toString();
    }
}
