package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** CONNECT, and requests for other hosts than those of the routes. */
final class ForwardProxyTest {

    /** Neither the machine's usual name nor its usual address, so that no route's rules are for it. */
    private static final String ELSEWHERE = "127.0.0.2";

    private final Origin origin = Origin.on(ELSEWHERE, ForwardProxyTest::answer);
    private ProxyHarness proxy = start("");

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo.test", "foo.test:8080", "192.0.2.1"})
    void anOrdinaryRequestForAnyHostIsTheDefaultTargets(String host) throws Exception {
        try (Origin origin = Origin.replying(200, "default");
                ProxyHarness proxy = ProxyHarness.of("""
                        {
                          "proxy": { "port": 0, "admin": { "port": 0 } },
                          "routes": [],
                          "default": { "target": "%s" }
                        }
                        """.formatted(origin.url()))) {
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").text())
                    .isEqualTo("default");
            assertThat(proxy.raw("GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void makesNoTunnelsUnlessToldTo() throws Exception {
        RawClient.Response response = proxy.raw(connect(ELSEWHERE + ":" + origin.port()));

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.field("Allow")).contains("GET").doesNotContain("CONNECT");
        assertThat(response.text()).contains("proxy.tunnel.enabled");
    }

    @Test
    void sendsNoRequestToOtherHostsUnlessToldTo() throws Exception {
        assertThat(proxy.raw(absolute("/")).status()).isEqualTo(404);

        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        enable("\"allow\": [\"127.0.0.0/8:*\"]");

        try (RawClient client = proxy.connect()) {
            RawClient.Response agreed = client.send(connect(ELSEWHERE + ":" + origin.port()) + "early ")
                    .readHead();

            assertThat(agreed.status()).isEqualTo(200);
            assertThat(agreed.all("Content-Length")).isEmpty();
            assertThat(agreed.all("Transfer-Encoding")).isEmpty();
            assertThat(client.send("GET /in HTTP/1.1\r\nHost: inside\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("hello");
            assertThat(origin.take().requestLine()).isEqualTo("early GET /in HTTP/1.1");
        }
    }

    @Test
    void listsCountsAndClosesItsTunnels() throws Exception {
        enable("\"allow\": [\"127.0.0.0/8:*\"]");
        try (RawClient client = proxy.connect()) {
            client.send(connect(ELSEWHERE + ":" + origin.port())).readHead();
            client.send("GET / HTTP/1.1\r\nHost: inside\r\n\r\n").read();

            JsonNode tunnel = json("/tunnels").get(0);
            assertThat(tunnel.get("kind").asText()).isEqualTo("connect");
            assertThat(tunnel.has("route")).isFalse();
            assertThat(tunnel.get("backend").asText()).isEqualTo(ELSEWHERE + ":" + origin.port());
            proxy.admin("DELETE", "/tunnels/" + tunnel.get("id").asText(), null);

            assertThat(client.closed()).isTrue();
        }
        await().untilAsserted(() -> assertThat(json("/metrics")
                        .at("/counters/portway.unrouted.requests.2xx/count")
                        .asInt())
                .isEqualTo(1));
        assertThat(json("/metrics")
                        .at("/counters/portway.unrouted.bytes.in/count")
                        .asInt())
                .isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:443",
                "127.0.0.1:443",
                "127.1:443",
                "2130706433:443",
                "[::1]:443",
                "[::ffff:127.0.0.1]:443",
                "[::ffff:7f00:1]:443",
                "[::127.0.0.1]:443",
                "[64:ff9b::7f00:1]:443",
                "[2002:7f00:1::]:443",
                "0.0.0.0:443",
                "[::]:443",
                "10.1.2.3:443",
                "172.16.0.1:443",
                "192.168.1.1:443",
                "100.64.0.1:443",
                "169.254.169.254:443",
                "224.0.0.1:443",
                "255.255.255.255:443",
                "[fe80::1]:443",
                "[fd00::1]:443",
                "[ff02::1]:443",
                "8.8.8.8:80",
                "[2606:4700::1]:22"
            })
    void goesNowhereButToPort443OfPublicHostsUnlessToldTo(String target) throws Exception {
        enable("");

        assertThat(proxy.raw(connect(target)).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2:*", "127.0.0.0/30:*", "127.0.0.2:PORT"})
    void goesWhereItIsToldTo(String rule) throws Exception {
        enable("\"allow\": [\"*:443\", \"" + rule.replace("PORT", Integer.toString(origin.port())) + "\"]");

        try (RawClient client = proxy.connect()) {
            assertThat(client.send(connect(ELSEWHERE + ":" + origin.port()))
                            .readHead()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void goesNeitherToItselfNorAroundTheGuardOfItsAdminApi() throws Exception {
        enable("\"allow\": [\"127.0.0.0/8:*\", \"localhost:*\", \"[::1]:*\"]");

        assertThat(proxy.raw(connect("127.0.0.1:" + proxy.proxy().getPort())).status())
                .isEqualTo(508);
        assertThat(proxy.raw(connect("localhost:" + proxy.proxy().getPort())).status())
                .isEqualTo(508);
        assertThat(proxy.raw(connect("127.0.0.9:" + proxy.admin().getPort())).status())
                .isEqualTo(403);
    }

    @Test
    void saysWhyATunnelDoesNotComeAbout() throws Exception {
        enable("\"allow\": [\"127.0.0.0/8:*\", \"nowhere.invalid:*\"]");
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        RawClient.Response refused = proxy.raw(connect(ELSEWHERE + ":" + closed));
        RawClient.Response unknown = proxy.raw(connect("nowhere.invalid:443"));

        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.field("Proxy-Status")).contains("connection_refused");
        assertThat(refused.text()).contains(ELSEWHERE + ":" + closed);
        assertThat(unknown.status()).isEqualTo(502);
        assertThat(unknown.field("Proxy-Status")).contains("dns_error");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dialsForNobodyThatHasLeft(boolean http2) throws Exception {
        proxy.close();
        try (HangingListener hanging = new HangingListener()) {
            String authority = hanging.url().substring("http://".length());
            proxy = ProxyHarness.with(
                    "\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.1:*\"] }, \"timeouts\": { \"connect\": \"1m\" }",
                    "[]");
            if (http2) {
                try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                    byte[] fields = RawHttp2.block(":method", "CONNECT", ":authority", authority);
                    client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, fields);
                    await().untilAsserted(() -> assertThat(inFlight()).isEqualTo(1));

                    client.frame(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

                    await().untilAsserted(() -> assertThat(inFlight()).isZero());
                }
            } else {
                try (RawClient client = proxy.connect()) {
                    client.send(connect(authority));
                    await().untilAsserted(() -> assertThat(inFlight()).isEqualTo(1));
                }
                await().untilAsserted(() -> assertThat(inFlight()).isZero());
            }
        }
    }

    private int inFlight() throws Exception {
        return json("/metrics").at("/gauges/portway.in-flight/value").asInt(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT example.org HTTP/1.1", "CONNECT / HTTP/1.1", "CONNECT example.org:x HTTP/1.1"})
    void refusesAConnectThatNamesNoHostAndPort(String line) throws Exception {
        enable("");

        assertThat(proxy.raw(line + "\r\nHost: example.org\r\n\r\n").status()).isEqualTo(400);
    }

    @Test
    void forwardsARequestForAnotherHost() throws Exception {
        enable("\"allow\": [\"127.0.0.2:*\"]");

        try (RawClient client = proxy.connect()) {
            for (String path : new String[] {"/first?a=1", "/second"}) {
                assertThat(client.send(absolute(path)).read().text()).isEqualTo("hello");
                Origin.Received received = origin.take();
                assertThat(received.requestLine()).isEqualTo("GET " + path + " HTTP/1.1");
                assertThat(received.field("Host")).isEqualTo(ELSEWHERE + ":" + origin.port());
                assertThat(received.all("Proxy-Connection")).isEmpty();
                assertThat(received.all("Proxy-Authorization")).isEmpty();
            }
        }
    }

    @Test
    void forwardsARequestForAnotherPortOfThisMachine() throws Exception {
        try (Origin here = Origin.replying(200, "here")) {
            String request = "GET http://localhost:%1$s/x HTTP/1.1\r\nHost: localhost:%1$s\r\n\r\n";
            enable("\"allow\": [\"localhost:*\"]");

            assertThat(proxy.raw(request.formatted(here.port())).text()).isEqualTo("here");
            assertThat(proxy.raw(request.formatted(proxy.proxy().getPort())).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void sendsARequestForAnotherHostToNoRouteThatIsAddedMeanwhile() throws Exception {
        CountDownLatch added = new CountDownLatch(1);
        origin.then(exchange -> {
            Held.until(added);
            exchange.socket().close();
        });
        enable("\"allow\": [\"127.0.0.2:*\"]");
        try (Origin other = Origin.replying(200, "other");
                RawClient client = proxy.connect()) {
            client.send(absolute("/"));
            origin.take();

            assertThat(proxy.admin("POST", "/routes", "{ \"target\": \"" + other.url() + "\" }")
                            .statusCode())
                    .isEqualTo(201);
            added.countDown();

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(other.untaken()).isEmpty();
        }
    }

    @Test
    void forwardsNoRequestToWhereItMayNotGo() throws Exception {
        enable("");

        assertThat(proxy.raw(absolute("/")).status()).isEqualTo(403);
        assertThat(proxy.raw("GET https://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n")
                        .status())
                .isEqualTo(400);

        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void takesTheRouteOfAHostThatHasOne() throws Exception {
        enable("");

        RawClient.Response response = proxy.raw("GET http://routed.test/x HTTP/1.1\r\nHost: routed.test\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(origin.take().requestLine()).isEqualTo("GET /x HTTP/1.1");
    }

    @Test
    void asksForANameAndAPassword() throws Exception {
        Path file = credentials("ann", "correct horse");
        enable("\"allow\": [\"127.0.0.2:*\"], \"credentials\": \"" + file + "\"");

        RawClient.Response none = proxy.raw(absolute("/"));
        assertThat(none.status()).isEqualTo(407);
        assertThat(none.field("Proxy-Authenticate")).isEqualTo("Basic realm=\"portway\", charset=\"UTF-8\"");
        assertThat(statusFor("ann", "wrong")).isEqualTo(407);
        assertThat(statusFor("bob", "correct horse")).isEqualTo(407);
        assertThat(proxy.raw(connect(ELSEWHERE + ":" + origin.port())).status()).isEqualTo(407);
        assertThat(origin.untaken()).isEmpty();

        assertThat(statusFor("ann", "correct horse")).isEqualTo(200);
        assertThat(statusFor("ann", "correct horse")).as("from memory").isEqualTo(200);
        assertThat(origin.take().all("Proxy-Authorization")).isEmpty();
    }

    @Test
    void takesUpAChangedFileOfPasswords() throws Exception {
        Path file = credentials("ann", "before");
        enable("\"allow\": [\"127.0.0.2:*\"], \"credentials\": \"" + file + "\"");
        assertThat(statusFor("ann", "before")).isEqualTo(200);

        Files.writeString(file, "# changed\nann:" + BCrypt.hashpw("after", BCrypt.gensalt("$2y", 4)) + "\n");

        await().untilAsserted(() -> assertThat(statusFor("ann", "before")).isEqualTo(407));
        assertThat(statusFor("ann", "after")).isEqualTo(200);
        Files.delete(file);
        await().untilAsserted(() -> assertThat(statusFor("ann", "after")).isEqualTo(407));
    }

    @Test
    void aFloodOfWrongPasswordsLocksNobodyOutWhoIsKnown() throws Exception {
        String slow = BCrypt.hashpw("secret", BCrypt.gensalt("$2b", 15));
        Path file = credentials("ann", "correct horse");
        Files.writeString(file, Files.readString(file) + "bob:" + slow + "\n");
        enable("\"allow\": [\"127.0.0.2:*\"], \"credentials\": \"" + file + "\"");
        assertThat(statusFor("ann", "correct horse")).isEqualTo(200);
        List<RawClient> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) { // more than are checked and wait at once
                RawClient client = proxy.connect();
                flood.add(client);
                client.send(as("bob", "wrong" + i));
            }
            await().untilAsserted(() -> assertThat(inFlight()).isGreaterThan(120));

            // Until the file is looked at again, while the flood lasts.
            long enough = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_200);
            while (System.nanoTime() < enough) {
                assertThat(statusFor("ann", "correct horse")).isEqualTo(200);
            }
            assertThat(statusFor("ann", "correct horse")).isEqualTo(200);
            assertThat(inFlight()).as("the flood").isGreaterThan(100);
        } finally {
            for (RawClient client : flood) {
                client.close();
            }
        }
    }

    private String as(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return absolute("/").replace("\r\n\r\n", "\r\nProxy-Authorization: Basic " + pair + "\r\n\r\n");
    }

    private int statusFor(String user, String password) throws IOException {
        return proxy.raw(as(user, password)).status();
    }

    private Path credentials(String user, String password) throws IOException {
        return Files.writeString(
                folder.resolve("users.htpasswd"),
                "broken line\n" + user + ":" + BCrypt.hashpw(password, BCrypt.gensalt("$2b", 4)) + "\n");
    }

    private String absolute(String path) {
        String authority = ELSEWHERE + ":" + origin.port();
        return "GET http://" + authority + path + " HTTP/1.1\r\nHost: " + authority
                + "\r\nProxy-Connection: keep-alive\r\n\r\n";
    }

    private static String connect(String authority) {
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    }

    /** The proxy anew, with {@code proxy.tunnel} and these further members of it. */
    private void enable(String members) {
        proxy.close();
        proxy = start("\"enabled\": true" + (members.isEmpty() ? "" : ", " + members));
    }

    private ProxyHarness start(String tunnel) {
        return ProxyHarness.with(
                "\"tunnel\": { " + tunnel + " }",
                "{ \"routed.test\": \"http://" + ELSEWHERE + ":" + origin.port() + "\" }");
    }

    private JsonNode json(String path) throws Exception {
        return new ObjectMapper().readTree(proxy.admin("GET", path, null).body());
    }

    private static void answer(Origin.Exchange exchange) throws IOException {
        exchange.readBody();
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(ISO_8859_1));
    }
}
