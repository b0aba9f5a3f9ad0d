package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardAuthTest {

    private final Origin origin = Origin.replying(200, "let in");
    private final Origin service =
            Origin.sending("HTTP/1.1 204 OK\r\nX-User: ada\r\nX-Groups: a\r\nX-Groups: b\r\nX-Other: no\r\n\r\n");

    @AfterEach
    void stop() {
        origin.close();
        service.close();
    }

    @Test
    void asksWithWhatTheRequestSaysAndCopiesWhatItIsTold() throws Exception {
        try (ProxyHarness proxy =
                asking("\"name\": \"X-User\", \"copy\": [\"X-User\", \"X-Groups\"], \"timeout\": \"1m\"")) {
            RawClient.Response response = proxy.raw("""
                    POST /a%20b?c=d HTTP/1.1
                    Host: app.test:8080
                    Cookie: session=1
                    X-User: root
                    X_Groups: admins
                    X-Forwarded-Uri: /open
                    X-Forwarded-Method: OPTIONS
                    Content-Length: 4

                    body""".replace("\n", "\r\n"));

            assertThat(response.text()).isEqualTo("let in");
            Origin.Received question = service.take();
            assertThat(question.requestLine()).isEqualTo("GET /check HTTP/1.1");
            assertThat(question.field("Cookie")).isEqualTo("session=1");
            assertThat(question.field("X-Forwarded-Method")).isEqualTo("POST");
            assertThat(question.field("X-Forwarded-Uri")).isEqualTo("/a%20b?c=d");
            assertThat(question.field("X-Forwarded-Host")).isEqualTo("app.test:8080");
            assertThat(question.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            assertThat(question.toString()).doesNotContain("root").doesNotContain("admins");
            Origin.Received received = origin.take();
            assertThat(received.all("X-User")).containsExactly("ada");
            assertThat(received.all("X-Groups")).containsExactly("a", "b");
            assertThat(received.field("X-Auth-User")).isEqualTo("ada");
            assertThat(received.toString())
                    .doesNotContain("root")
                    .doesNotContain("X-Other")
                    .doesNotContain("admins");
            assertThat(received.bodyText()).isEqualTo("body");
        }
    }

    @Test
    void passesOnWhatTheServiceTellsWhoMayNotEnter() throws Exception {
        try (ProxyHarness proxy = asking("\"timeout\": \"1m\"")) {
            service.thenSending("HTTP/1.1 302 Found\r\nLocation: https://login.test/\r\nSet-Cookie: a=1\r\n"
                    + "Set-Cookie: b=2\r\nContent-Length: 5\r\n\r\nlogin");
            RawClient.Response redirected = get(proxy);
            RawClient.Response head = proxy.raw("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            service.thenSending(
                    "HTTP/1.1 401 No\r\nWWW-Authenticate: Form\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n");
            RawClient.Response refused = get(proxy);

            assertThat(redirected.status()).isEqualTo(302);
            assertThat(redirected.field("Location")).isEqualTo("https://login.test/");
            assertThat(redirected.all("Set-Cookie")).containsExactly("a=1", "b=2");
            assertThat(redirected.text()).isEqualTo("login");
            assertThat(head.status()).isEqualTo(302);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.field("WWW-Authenticate")).isEqualTo("Form");
            assertThat(refused.text()).isEqualTo("no");
            assertThat(origin.untaken()).isEmpty();
        }
    }

    @Test
    void letsNobodyInWhileTheServiceDoesNotSay() throws Exception {
        try (ProxyHarness proxy = asking("\"timeout\": \"300ms\"")) {
            String tooLong = "x".repeat(70_000);
            for (String broken : List.of(
                    "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                    "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + tooLong,
                    "garbage\r\n\r\n",
                    "")) {
                service.thenSending(broken);

                assertThat(get(proxy).status()).as(broken).isEqualTo(503);
            }
            service.close();
            assertThat(get(proxy).status()).isEqualTo(503);
        }
        assertThat(origin.untaken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "HTTP/1.1 500 No~Content-Length: 0~~; the answer is 500",
                "HTTP/1.1 404 No~Content-Length: 0~~; the answer is 404",
                "garbage of a secret~~; the answer is not HTTP",
                "''; HTTP/1.1 header parser received no bytes",
                "silence; there is no answer in time",
                "absence; the connection fails"
            })
    void saysOnceThatTheServiceIsDownAndOnceThatItIsBack(String broken, String why) throws Exception {
        int port = service.port();
        try (ProxyHarness proxy = asking("\"timeout\": \"200ms\"");
                LogLines log = new LogLines(ForwardAuthenticator.class)) {
            if (broken.equals("absence")) {
                service.close();
            } else if (broken.equals("silence")) {
                service.then(Origin.Exchange::readBody);
            } else {
                service.then(exchange -> {
                    exchange.write(broken.replace("~", "\r\n"));
                    exchange.socket().close();
                });
            }

            for (int i = 0; i < 3; i++) {
                assertThat(get(proxy).status()).isEqualTo(503);
            }
            assertThat(origin.untaken()).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "WARN " + service.url() + "/check does not say who may pass, so nobody does, with 503: ")
                    .endsWith(why);

            Origin.Answer right = exchange -> exchange.write("HTTP/1.1 204 OK\r\n\r\n");
            try (Origin back = broken.equals("absence") ? Origin.on("127.0.0.1", port, right) : service.then(right)) {
                assertThat(get(proxy).status()).isEqualTo(200);
                assertThat(log.lines())
                        .hasSize(2)
                        .last()
                        .isEqualTo("INFO " + back.url() + "/check says again who may pass");
            }
        }
    }

    @Test
    void isAskedOnlyWhereNoOtherWayAccepts() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { " + Credentials.basic()
                        + ", \"forward\": { \"url\": \"" + service.url() + "\", \"timeout\": \"1m\" } } }]")) {
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n" + Credentials.right() + "\r\n")
                            .status())
                    .isEqualTo(200);
            assertThat(service.untaken()).isEmpty();
            assertThat(get(proxy).status()).isEqualTo(200);
            assertThat(service.take().requestLine()).isEqualTo("GET / HTTP/1.1");
        }
    }

    @Test
    void theServiceIsToldThePathThatTheBackendGets() throws Exception {
        try (ProxyHarness proxy = asking("\"timeout\": \"1m\"")) {
            proxy.raw("GET /open/../admin?a=/../b HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(service.take().field("X-Forwarded-Uri"))
                    .isEqualTo("/admin?a=/../b")
                    .isEqualTo(origin.take().target());
        }
    }

    @Test
    void theServiceIsToldThePathThatNoFieldCanCarry() throws Exception {
        try (ProxyHarness proxy = asking("\"timeout\": \"1m\"");
                RawClient client = proxy.connect()) {
            client.send("GET /admin?\u0100\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(service.take().field("X-Forwarded-Uri")).isEqualTo("/admin?%C4%80%C3%A9");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL",
                "X-Original-URI",
                "X_Original_Method",
                "X-Rewrite-URL",
                "X-Forwarded-Prefix",
                "x_forwarded_uri",
                "X-Other-User"
            })
    void theServiceIsToldByNoClientWhatWasAskedForAndByWhom(String name) throws Exception {
        String other = ", { \"id\": \"b\", \"path\": \"/b\", \"target\": \"" + origin.url() + "\", \"auth\": { "
                + Credentials.basic() + ", \"identity\": { \"X-Other-User\": \"{auth.name}\" } } }";
        try (ProxyHarness proxy = asking("\"timeout\": \"1m\"", other)) {
            proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n" + name + ": /planted\r\nX-Mine: 1\r\n\r\n");

            assertThat(service.take().toString()).contains("X-Mine").doesNotContain("planted");
        }
    }

    @Test
    void noRequestTakesAPlaceAtTheServiceForGood() throws Exception {
        try (ProxyHarness proxy = asking("\"timeout\": \"1m\"");
                RawClient client = proxy.connect()) {
            for (int i = 0; i <= 512; i++) {
                proxy.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: \"\r\n\r\n");
            }

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    private ProxyHarness asking(String members) {
        return asking(members, "");
    }

    private ProxyHarness asking(String members, String routes) {
        return ProxyHarness.withRoutes(
                "[{ \"id\": \"a\", \"target\": \"" + origin.url() + "\", \"auth\": { \"forward\": { \"url\": \""
                        + service.url() + "/check\", " + members + " } } }" + routes + "]");
    }

    private static RawClient.Response get(ProxyHarness proxy) throws Exception {
        return proxy.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
}
