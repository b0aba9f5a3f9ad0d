package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portway.health.NameLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A target whose name has several addresses is a backend at each of them (behaviour 84). */
@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems answer at 127.0.0.1 alone of 127.0.0.0/8")
final class ResolveAllTest {

    private static final Duration SOON = Duration.ofSeconds(30); // names are asked for each five seconds

    private final AtomicLong time = new AtomicLong();
    private String name = "app.test";
    private volatile List<String> addresses = List.of("127.0.0.1", "127.0.0.2"); // set by the test, read by look-ups
    private Origin first;
    private Origin second;

    @BeforeEach
    void start() {
        first = Origin.on("127.0.0.1", exchange -> answer(exchange, "one"));
        second = Origin.on("127.0.0.2", first.port(), exchange -> answer(exchange, "two"));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void sendsRequestsToEachAddressFromTheStart() throws Exception {
        try (ProxyHarness proxy = proxy("")) {
            assertThat(answers(proxy)).containsExactly("one", "two");
            assertThat(first.take().field("Host")).isEqualTo("x.test");
            assertThat(ids(proxy)).containsExactly(id("127.0.0.1"), id("127.0.0.2"));
            assertThat(backend(proxy, "127.0.0.2").path("resolvedFrom").asText())
                    .isEqualTo("app.test");
        }
    }

    @Test
    void followsTheNameAndKeepsWhatIsKnownOfTheRest() throws Exception {
        try (Origin apart = Origin.replying(200, "apart");
                ProxyHarness proxy =
                        proxy(", { \"id\": \"apart\", \"path\": \"/apart\", \"target\": " + apart.port() + " }")) {
            answers(proxy);
            proxy.get("/apart");
            long requests = backend(proxy, "127.0.0.1").path("requests").asLong();
            assertThat(requests).isPositive();

            addresses = List.of("127.0.0.1");
            await().atMost(SOON).until(() -> !ids(proxy).contains(id("127.0.0.2")));
            assertThat(answers(proxy)).containsExactly("one");
            assertThat(backend(proxy, "127.0.0.1").path("requests").asLong()).isGreaterThan(requests);

            addresses = List.of("127.0.0.2", "127.0.0.1");
            await().atMost(SOON).until(() -> answers(proxy).size() == 2);
            assertThat(proxy.admin("GET", "/backends/localhost:" + apart.port(), null)
                            .body())
                    .contains("\"requests\": 1,");
        }
    }

    @Test
    void letsRequestsToAnAddressThatIsGoneFinish() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        second.then(exchange -> {
            begun.countDown();
            awaitQuietly(end);
            answer(exchange, "late");
        });
        addresses = List.of("127.0.0.2");
        try (ProxyHarness proxy = proxy("");
                RawClient client = proxy.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x.test\r\n\r\n");
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            addresses = List.of("127.0.0.1");
            await().atMost(SOON).until(() -> ids(proxy).equals(Set.of(id("127.0.0.1"))));
            end.countDown();

            assertThat(client.read().text()).isEqualTo("late");
        } finally {
            end.countDown();
        }
    }

    @Test
    void keepsTheAddressesWhileAskingFails() throws Exception {
        try (ProxyHarness proxy = proxy("")) {
            answers(proxy);
            long asked = time.get();

            addresses = List.of();
            await().atMost(SOON).until(() -> time.get() > asked + 4);

            assertThat(answers(proxy)).containsExactly("one", "two");
        }
    }

    @Test
    void answersWithTheNamesErrorWhereItHasNoAddress() throws Exception {
        addresses = List.of();
        try (ProxyHarness proxy = proxy("")) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(502);
            assertThat(ids(proxy)).containsExactly(id("app.test"));
        }
    }

    @Test
    void takesAddressesOfBothFamilies() throws Exception {
        addresses = List.of("::1", "127.0.0.1");
        try (Origin six = Origin.on("::1", first.port(), exchange -> answer(exchange, "six"));
                ProxyHarness proxy = proxy("")) {

            assertThat(answers(proxy)).containsExactly("one", "six");
            assertThat(ids(proxy)).containsExactly(id("127.0.0.1"), id("[::1]"));
            assertThat(six.take().field("Host")).isEqualTo("x.test");
        }
    }

    @Test
    void knowsEachAddressOverTlsByTheName() throws Exception {
        name = "app.example";
        addresses = List.of("127.0.0.1");
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.EXAMPLE, JettyOrigin.Answer.text("hello"));
                ProxyHarness proxy = proxy(
                        "https://app.example:" + origin.port(), "\"ca\": \"" + TestCertificates.authority() + "\"")) {

            assertThat(proxy.get("/").body()).isEqualTo("hello");

            JettyOrigin.Received request = origin.take();
            assertThat(request.serverName()).isEqualTo("app.example");
            assertThat(ids(proxy)).containsExactly("127.0.0.1:" + origin.port());
        }
    }

    @Test
    void refusesAnAddressWhoseCertificateHasAnotherName() throws Exception {
        addresses = List.of("127.0.0.1");
        try (JettyOrigin origin = JettyOrigin.tls(TestCertificates.EXAMPLE, JettyOrigin.Answer.text("hello"));
                ProxyHarness proxy = proxy(
                        "https://app.test:" + origin.port(), "\"ca\": \"" + TestCertificates.authority() + "\"")) {

            assertThat(proxy.get("/").body()).contains("is not trusted");
        }
    }

    private ProxyHarness proxy(String url, String tls) {
        return proxy(url, ", \"tls\": { " + tls + " }", "");
    }

    private ProxyHarness proxy(String more) {
        return proxy("http://app.test:" + first.port(), "", more);
    }

    /** Its clock runs by a minute each time it is read, so that no answer holds. */
    private ProxyHarness proxy(String url, String tls, String more) {
        return ProxyHarness.of(
                """
                {
                  "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": [ { "id": "all", "hostHeader": "x.test",
                                "targets": [ { "url": "URL", "resolve": "all" TLS } ] } MORE ],
                  "default": { "target": null },
                  "logging": { "level": "WARN", "access": false }
                }
                """.replace("URL", url).replace("TLS", tls).replace("MORE", more),
                dns -> new NameLookup(this::look, () -> TimeUnit.MINUTES.toNanos(time.incrementAndGet())));
    }

    private InetAddress[] look(String host) throws UnknownHostException {
        if (!host.equals(name)) {
            return InetAddress.getAllByName(host);
        }
        List<String> now = addresses;
        if (now.isEmpty()) {
            throw new UnknownHostException(host);
        }
        InetAddress[] found = new InetAddress[now.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(now.get(i));
        }
        return found;
    }

    /** The different ones to some requests. */
    private static Set<String> answers(ProxyHarness proxy) throws Exception {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            answers.add(proxy.get("/").body());
        }
        return answers;
    }

    private static Set<String> ids(ProxyHarness proxy) throws Exception {
        return new TreeSet<>(new ObjectMapper()
                .readTree(proxy.admin("GET", "/backends", null).body())
                .findValuesAsText("id"));
    }

    private JsonNode backend(ProxyHarness proxy, String host) throws Exception {
        return new ObjectMapper()
                .readTree(proxy.admin("GET", "/backends/" + id(host), null).body());
    }

    private String id(String host) {
        return host + ":" + first.port();
    }

    private static void answer(Origin.Exchange exchange, String body) throws java.io.IOException {
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
