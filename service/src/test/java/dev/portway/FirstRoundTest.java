package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a check says of a backend is known before the first request is taken. */
final class FirstRoundTest {

    @Test
    void sendsNothingToABackendThatItsCheckFindsDead() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Origin dead = Origin.answering(exchange -> {
                    asked.countDown();
                    exchange.write("HTTP/1.1 503 Not Ready\r\nContent-Length: 4\r\n\r\ndead");
                });
                Origin well = Origin.replying(200, "well");
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[ { \"id\": \"both\", \"health\": { \"path\": \"/health\", \"interval\":"
                                + " \"1h\" }, \"targets\": [\"" + dead.url() + "\", \"" + well.url() + "\"] } ]")) {
            assertThat(asked.await(0, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 10; i++) {
                assertThat(proxy.get("/").body()).isEqualTo("well");
            }
        }
    }

    @Test
    void looksAtEachTargetAsThatSays() throws Exception {
        Origin.Answer byPath = exchange -> {
            boolean own = exchange.request().target().equals("/own")
                    || exchange.request().target().equals("/");
            exchange.write("HTTP/1.1 " + (own ? "200 OK" : "503 No") + "\r\nContent-Length: 4\r\n\r\n"
                    + (own ? "well" : "dead"));
        };
        try (Origin own = Origin.answering(byPath);
                Origin inherits = Origin.answering(byPath);
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[ { \"id\": \"both\", \"health\": { \"path\": \"/route\", \"interval\":"
                                + " \"1h\" }, \"targets\": [{ \"url\": \"" + own.url()
                                + "\", \"health\": { \"path\": \"/own\" } }, \""
                                + inherits.url() + "\"] } ]")) {
            assertThat(own.take().target()).isEqualTo("/own");
            assertThat(inherits.take().target()).isEqualTo("/route");
            for (int i = 0; i < 10; i++) {
                assertThat(proxy.get("/").body()).isEqualTo("well");
            }
            assertThat(inherits.untaken()).isEmpty();
        }
    }

    @Test
    void startsAllTheSameWhereACheckGetsNoAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Origin silent = Origin.answering(exchange -> {
                    if (exchange.request().target().equals("/health")) {
                        awaitQuietly(end);
                    }
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                });
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[ { \"health\": { \"path\": \"/health\", \"timeout\": \"1h\" }, \"target\": \"" + silent.url()
                                + "\" } ]")) {
            assertThat(proxy.get("/").body()).isEqualTo("hi");
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
