package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One route with several targets, through the whole proxy. */
final class BalancingTest {

    private Origin a;
    private Origin b;

    @BeforeEach
    void start() {
        a = Origin.replying(200, "a");
        b = Origin.replying(200, "b");
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @Test
    void takesTurns() throws IOException { // behaviour 68
        try (ProxyHarness proxy = balancing("\"A\", \"B\"", "round-robin")) {
            List<String> answers = answers(proxy, 10);

            assertThat(Collections.frequency(answers, "a")).isEqualTo(5);
            assertThat(answers.get(0)).isNotEqualTo(answers.get(1));
        }
    }

    @Test
    void holdsToWeights() throws IOException { // behaviour 69
        try (ProxyHarness proxy = balancing(
                "{ \"url\": \"A\", \"weight\": 3 }, \"B\", { \"url\": \"http://127.0.0.1:1\", \"weight\": 0 }",
                "round-robin")) {
            assertThat(Collections.frequency(answers(proxy, 40), "a")).isEqualTo(30);
        }
    }

    @Test
    void sparesTheOneThatIsBusy() throws IOException { // behaviour 70
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Origin.Answer slow = exchange -> {
            begun.countDown();
            Held.until(end);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        };
        a.then(slow);
        b.then(slow);
        try (ProxyHarness proxy = balancing("\"A\", \"B\"", "least-requests");
                RawClient busy = proxy.connect()) {
            busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Held.until(begun);
            Origin free = a.untaken().isEmpty() ? a : b;
            free.thenSending("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfree");

            assertThat(answers(proxy, 5)).containsOnly("free");

            end.countDown();
            assertThat(busy.read().text()).isEqualTo("slow");
        }
    }

    @Test
    void sendsTheSameKeyToTheSameTarget() throws IOException { // behaviour 71
        try (ProxyHarness proxy = ProxyHarness.withRoutes("""
                [ { "targets": [ "%s", "%s" ], "loadBalancing": { "strategy": "hash", "key": "header:X-User" } } ]
                """.formatted(a.url(), b.url()))) {
            List<String> seen = new ArrayList<>();
            for (int user = 0; user < 20; user++) {
                String get = "GET / HTTP/1.1\r\nHost: h\r\nX-User: u" + user + "\r\n\r\n";
                String first = proxy.raw(get).text();
                seen.add(first);
                for (int i = 0; i < 5; i++) {
                    assertThat(proxy.raw(get).text()).isEqualTo(first);
                }
            }
            assertThat(seen).contains("a", "b");
        }
    }

    @Test
    void passesOverADrainedTarget() throws IOException {
        try (ProxyHarness proxy = balancing("\"A\", { \"url\": \"B\", \"state\": \"drain\" }", "round-robin")) {
            assertThat(answers(proxy, 6)).containsOnly("a");
        }
    }

    @Test
    void letsADrainedTargetFinishWhatItHasBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        a.then(exchange -> {
            begun.countDown();
            Held.until(end);
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
        try (ProxyHarness proxy = balancing("{ \"url\": \"A\", \"weight\": 1000 }, \"B\"", "round-robin");
                RawClient inFlight = proxy.connect()) {
            inFlight.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Held.until(begun);

            String backend = "/backends/" + a.url().replace("http://", "");
            assertThat(proxy.admin("PATCH", backend, "{ \"state\": \"drain\" }").body())
                    .contains("\"state\": \"drain\"", "\"inFlight\": 1");

            assertThat(answers(proxy, 5)).containsOnly("b");
            assertThat(proxy.admin("POST", "/explain", "{ \"url\": \"http://h/\" }")
                            .body())
                    .contains("\"candidate\": false", "\"candidate\": true");
            end.countDown();
            assertThat(inFlight.read().text()).isEqualTo("slow");
            proxy.admin("PATCH", backend, "{ \"state\": null }");
            assertThat(answers(proxy, 5)).contains("slow");
        }
    }

    @Test
    void comesBackWhenTheBackendDoes() throws IOException { // behaviours 74, 82
        int port = a.port();
        try (ProxyHarness proxy = balancing("\"A\"", "round-robin")) {
            a.close();
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(502);

            a = Origin.on(
                    "127.0.0.1", port, exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
            assertThat(proxy.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n").text()).isEqualTo("hi");
        }
    }

    private ProxyHarness balancing(String targets, String strategy) {
        return ProxyHarness.withRoutes(
                ("[ { \"id\": \"both\", \"loadBalancing\": \"" + strategy + "\", \"targets\": [" + targets + "] } ]")
                        .replace("\"A\"", '"' + a.url() + '"')
                        .replace("\"B\"", '"' + b.url() + '"'));
    }

    private static List<String> answers(ProxyHarness proxy, int count) throws IOException {
        List<String> answers = new ArrayList<>();
        try (RawClient client = proxy.connect()) {
            for (int i = 0; i < count; i++) {
                answers.add(
                        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read().text());
            }
        }
        return answers;
    }
}
