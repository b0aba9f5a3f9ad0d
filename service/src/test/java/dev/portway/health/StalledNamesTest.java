package dev.portway.health;

import static dev.portway.health.Tables.http;
import static dev.portway.health.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portway.config.HealthConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.StatusRange;
import dev.portway.routing.RouteTable;
import dev.portway.transport.BackendProbe;
import dev.portway.transport.BackendReach;
import dev.portway.transport.BackendTrust;
import dev.portway.upstream.Backend;
import dev.portway.upstream.Condition.Health;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StalledNamesTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration PATIENT = Duration.ofSeconds(5);
    private static final int STALLED = 40;

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void release() {
        never.countDown();
    }

    @Test
    void aStalledNameFailsNoOtherCheck() throws Exception {
        Dialer dialer = new Dialer();
        NameLookup names = new NameLookup(this::stall, System::nanoTime);
        BackendProbe probe = new BackendProbe(new BackendReach(names, new BackendTrust()));
        HealthMonitor monitor = new HealthMonitor(
                dialer, probe, names, InstantSource.system(), () -> 0.5, new Pace(SOON, SOON, SOON, SOON));
        try (var origin = Listener.answering(200)) {
            RouteConfig[] routes = new RouteConfig[STALLED + 1];
            for (int i = 0; i < STALLED; i++) {
                routes[i] = route("r" + i, check(Duration.ofMillis(200)), http("stalled" + i + ".test", 80));
            }
            routes[STALLED] = route("fine", check(PATIENT), http("127.0.0.1", origin.port()));
            RouteTable table = new Tables().of(routes);
            monitor.tableChanged(table);
            monitor.start();

            await().atMost(Duration.ofSeconds(30)).until(() -> asked.get() > 0 && origin.requests() > 20);

            assertThat(table.backends())
                    .filteredOn(backend -> backend.identity().url().host().equals("127.0.0.1"))
                    .extracting(StalledNamesTest::health)
                    .containsExactly(Health.UP);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> table.backends().stream()
                                    .filter(backend -> health(backend) == Health.DOWN)
                                    .count()
                            == STALLED);
        } finally {
            monitor.stop();
            dialer.stop();
            probe.stop();
            names.stop();
        }
    }

    @Test
    void aNameIsAskedForOnceAtATimeAndNotWaitedForBeyondTheLimit() {
        NameLookup lookup = new NameLookup(this::stall, System::nanoTime);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> lookup.addressesOf("stalled.test", SOON).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }

        assertThat(asked).hasValue(1);
        lookup.stop();
    }

    private InetAddress[] stall(String host) throws UnknownHostException {
        asked.incrementAndGet();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }

    private static Health health(Backend backend) {
        return backend.condition().health();
    }

    private static HealthConfig check(Duration timeout) {
        return new HealthConfig("/", SOON, timeout, 1, 1, new StatusRange(200, 399));
    }
}
