package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that stay with the target that began them, through the whole proxy. */
final class StickySessionsTest { // behaviour 73

    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";

    private final List<Origin> origins = new ArrayList<>();

    @BeforeEach
    void start() {
        for (String name : List.of("a", "b", "c")) {
            origins.add(Origin.replying(200, name));
        }
    }

    @AfterEach
    void stop() {
        origins.forEach(Origin::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "random", "two-choices", "least-requests", "least-latency", "hash"})
    void staysWithTheTargetThatServedFirst(String strategy) throws Exception {
        try (ProxyHarness proxy = sticking("true", "\"loadBalancing\": \"" + strategy + '"')) {
            RawClient.Response first = get(proxy, null);

            for (int i = 0; i < 10; i++) {
                RawClient.Response next = get(proxy, cookie(first));
                assertThat(next.text()).isEqualTo(first.text());
                assertThat(next.field("Set-Cookie")).isNull();
            }
        }
    }

    @Test
    void setsACookieThatTellsNothing() throws Exception {
        try (ProxyHarness proxy = sticking("true", "\"path\": \"/\"")) {
            String set = get(proxy, null).field("Set-Cookie");

            assertThat(set).matches("portway=[A-Za-z0-9_-]{24}" + ATTRIBUTES);
        }
    }

    @Test
    void bindsAClientThatBeginsWithAWebSocket() throws Exception {
        for (Origin origin : origins) {
            origin.thenSending("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
        }
        try (ProxyHarness proxy = sticking("true", "\"path\": \"/\"");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");

            assertThat(client.readHead().field("Set-Cookie")).matches("portway=[A-Za-z0-9_-]{24}" + ATTRIBUTES);
        }
    }

    @Test
    void confinesTheCookieToThePathOfTheRoute() throws Exception {
        try (ProxyHarness proxy = sticking("{ \"name\": \"at\" }", "\"path\": \"/shop\"")) {
            RawClient.Response response = proxy.raw("GET /shop/cart HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(response.field("Set-Cookie")).matches("at=[^;]+; Path=/shop; HttpOnly; SameSite=Lax");
        }
    }

    @Test
    void setsACookieForHttpsAloneOverHttps() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.secured(routes("true", "\"id\": \"s\""));
                RawClient client = RawClient.secure(proxy.tls(), "http/1.1")) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read();

            assertThat(response.field("Set-Cookie")).endsWith(ATTRIBUTES + "; Secure");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"portway=", "portway=AAAAAAAAAAAAAAAAAAAAAAAA", "portway=127.0.0.1:1", "portway=TAMPERED"})
    void bindsAnewWhoComesWithACookieItDidNotMake(String cookie) throws Exception {
        try (ProxyHarness proxy = sticking("true", "\"id\": \"s\"")) {
            String own = cookie(get(proxy, null));
            String tampered = own.substring(0, own.length() - 1) + (own.endsWith("A") ? "B" : "A");

            RawClient.Response response = get(proxy, cookie.replace("portway=TAMPERED", tampered));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.field("Set-Cookie")).matches("portway=[A-Za-z0-9_-]{24}" + ATTRIBUTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "down"})
    void movesFromATargetThatIsTakenOut(String state) throws Exception {
        try (ProxyHarness proxy = sticking("true", "\"id\": \"s\"")) {
            RawClient.Response first = get(proxy, null);
            String id = origin(first.text()).url().replace("http://", "");
            proxy.admin("PATCH", "/backends/" + id, "{ \"state\": \"" + state + "\" }");

            RawClient.Response moved = get(proxy, cookie(first));

            assertThat(moved.text()).isNotEqualTo(first.text());
            assertThat(moved.field("Set-Cookie")).isNotNull();
            for (int i = 0; i < 5; i++) {
                assertThat(get(proxy, cookie(moved)).text()).isEqualTo(moved.text());
            }
        }
    }

    @Test
    void knowsItsCookiesAgainAfterARestartWhereItHasASecret() throws Exception {
        String sticky = "{ \"secret\": \"not a secret, but a test\" }";
        List<String> cookies = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        try (ProxyHarness proxy = sticking(sticky, "\"id\": \"s\"")) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = get(proxy, null);
                cookies.add(cookie(response));
                answers.add(response.text());
            }
        }

        try (ProxyHarness proxy = sticking(sticky, "\"id\": \"s\"")) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(proxy, cookies.get(i)).text()).isEqualTo(answers.get(i));
            }
        }
        try (ProxyHarness proxy = sticking("true", "\"id\": \"s\"")) {
            assertThat(get(proxy, cookies.get(0)).field("Set-Cookie")).isNotNull();
        }
    }

    @Test
    void holdsThroughAnEditOfTheRoute() throws Exception {
        try (ProxyHarness proxy = sticking("true", "\"id\": \"s\"")) {
            RawClient.Response first = get(proxy, null);
            proxy.admin("PATCH", "/routes/s", "{ \"loadBalancing\": \"random\", \"metadata\": { \"a\": 1 } }");

            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, cookie(first)).text()).isEqualTo(first.text());
            }
        }
    }

    @Test
    void bindsAClientThatGoesToATargetAddedWhileItWaited() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Origin full = origins.get(0).then(exchange -> {
            try {
                end.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String first = "{ \"url\": \"" + full.url() + "\", \"maxConcurrent\": 1 }";
        try (ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[ { \"id\": \"s\", \"sticky\": true, \"queue\": true, \"targets\": [ " + first + " ] } ]");
                RawClient served = proxy.connect();
                RawClient waiting = proxy.connect()) {
            served.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            full.take();
            waiting.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await().untilAsserted(() -> assertThat(
                            proxy.admin("GET", "/prometheus", null).body().lines())
                    .contains("portway_requests_queued 1.0"));

            String targets = "[ " + first + ", \"" + origins.get(1).url() + "\" ]";
            proxy.admin("PATCH", "/routes/s", "{ \"targets\": " + targets + " }");
            RawClient.Response response = waiting.read();

            assertThat(response.text()).isEqualTo("b");
            assertThat(get(proxy, cookie(response)).text()).isEqualTo("b");
        } finally {
            end.countDown();
        }
    }

    private Origin origin(String name) {
        return origins.get(name.charAt(0) - 'a');
    }

    private ProxyHarness sticking(String sticky, String members) {
        return ProxyHarness.withRoutes(routes(sticky, members));
    }

    private String routes(String sticky, String members) {
        return "[ { " + members + ", \"sticky\": " + sticky + ", \"targets\": [ \""
                + String.join("\", \"", origins.stream().map(Origin::url).toList()) + "\" ] } ]";
    }

    private static RawClient.Response get(ProxyHarness proxy, @Nullable String cookie) throws IOException {
        return proxy.raw(
                "GET / HTTP/1.1\r\nHost: h\r\n" + (cookie == null ? "" : "Cookie: x=1; " + cookie + "\r\n") + "\r\n");
    }

    private static String cookie(RawClient.Response response) {
        String set = response.field("Set-Cookie");
        assertThat(set).isNotNull();
        return set.substring(0, set.indexOf(';'));
    }
}
