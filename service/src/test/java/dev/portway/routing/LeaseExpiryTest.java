package dev.portway.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread that ends leases. */
class LeaseExpiryTest {

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void endsALeaseWithinASecondOfItsTime() throws Exception {
        AtomicReference<Instant> gone = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        InstantSource clock = Clock.systemUTC();
        RouteRegistry registry = registry(clock, table -> {
            if (gone.get() != null && table.route("app").isEmpty()) {
                gone.set(clock.instant());
                ended.countDown();
            }
        });
        LeaseExpiry expiry = new LeaseExpiry(registry, clock);
        expiry.start();

        lease(registry, "app", Duration.ofSeconds(1));
        Lease lease = requireNonNull(registry.listing().leases().get("app"));
        Instant expires = lease.term().expires();
        gone.set(Instant.MAX);
        boolean inTime = ended.await(5, TimeUnit.SECONDS);
        expiry.stop();

        assertThat(inTime).isTrue();
        assertThat(gone.get()).isBetween(expires, expires.plusSeconds(1));
    }

    @Test
    void waitsUntilTheFirstOneIsOverAndASecondAtMost() throws Exception {
        RouteRegistry registry = registry(() -> now, table -> {});
        LeaseExpiry expiry = new LeaseExpiry(registry, () -> now);

        assertThat(expiry.pause()).hasMillis(1_000);
        lease(registry, "late", Duration.ofHours(1));
        assertThat(expiry.pause()).hasMillis(1_000);
        lease(registry, "app", Duration.ofMillis(1_300));
        now = now.plusMillis(900);
        assertThat(expiry.pause()).hasMillis(401);
        now = now.plusMillis(900);
        assertThat(expiry.pause()).hasMillis(1);
    }

    @Test
    void goesOnWhenSomethingFails() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch again = new CountDownLatch(1);
        Clock clock = Clock.systemUTC();
        InstantSource failing = () -> {
            if (Thread.currentThread().getName().equals("lease-expiry") && looks.incrementAndGet() == 1) {
                throw new IllegalStateException("a defect");
            }
            return clock.instant();
        };
        RouteRegistry registry = registry(failing, table -> {
            if (looks.get() > 1 && table.route("app").isEmpty()) {
                again.countDown();
            }
        });
        lease(registry, "app", Duration.ofSeconds(1));
        LeaseExpiry expiry = new LeaseExpiry(registry, clock);

        expiry.start();
        boolean wentOn = again.await(5, TimeUnit.SECONDS);
        expiry.stop();

        assertThat(wentOn).isTrue();
    }

    private RouteRegistry registry(InstantSource clock, RouteTableListener listener) throws Exception {
        Path file = Files.writeString(folder.resolve("config.json"), RegistryFixture.file("[]"));
        RouteStore store = new RouteStore(file, new ConfigReader(RegistryFixture.ENVIRONMENT::get));
        return RegistryFixture.over(store, clock, listener).registry();
    }

    private static void lease(RouteRegistry registry, String id, Duration ttl) throws Exception {
        registry.lease(
                new LeaseRequest(
                        id,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("host", id + ".localhost")
                                .put("target", 4000),
                        ttl,
                        null),
                Precondition.NONE);
    }
}
