package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.config.WrittenRoute;
import dev.portway.upstream.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that lease, renew, end and forget, writers of the file, a hand editor, undos and expiry, all at once. */
class LeaseRaceTest {

    private static final int TOOLS = 4;
    private static final int ROUNDS = 100;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicBoolean over = new AtomicBoolean();

    /** Time goes on, and the file is read, as often as tools and writers do something. */
    private final Semaphore steps = new Semaphore(0);

    @Test
    void leavesTheFileAndTheLeasesThatLive() throws Exception {
        InstantSource clock = now::get;
        Path file = Files.writeString(
                folder.resolve("config.json"),
                RegistryFixture.file("[ { \"id\": \"stays\", \"host\": \"stays.localhost\", \"target\": 3000 } ]"));
        RouteStore store = new RouteStore(file, new ConfigReader(RegistryFixture.ENVIRONMENT::get));
        RegistryFixture fixture = RegistryFixture.over(store, clock);
        RouteRegistry registry = fixture.registry();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> tools = new ArrayList<>();
        List<Future<?>> others = new ArrayList<>();

        for (int i = 0; i < TOOLS; i++) {
            int tool = i;
            tools.add(threads.submit(() -> use(registry, tool)));
        }
        tools.add(threads.submit(() -> edit(registry)));
        others.add(threads.submit(untilOver(() -> {
            now.updateAndGet(instant -> instant.plusMillis(250));
            registry.expireLeases();
        })));
        others.add(threads.submit(untilOver(registry::reload)));
        others.add(threads.submit(untilOver(() -> consistent(registry))));
        for (Future<?> tool : tools) {
            tool.get(1, TimeUnit.MINUTES);
        }
        over.set(true);
        steps.release(TOOLS);
        for (Future<?> other : others) {
            other.get(1, TimeUnit.MINUTES);
        }
        threads.shutdown();
        now.updateAndGet(instant -> instant.plusSeconds(60)); // the longest ttl of those that were forgotten
        registry.expireLeases();

        List<String> expected = new ArrayList<>(
                store.read().read().routes().stream().map(WrittenRoute::id).toList());
        List<String> living = new ArrayList<>();
        for (int tool = 0; tool < TOOLS; tool++) {
            living.add("t" + tool + "-kept");
        }
        expected.addAll(living);
        assertThat(ids(registry)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(registry.listing().leases().keySet()).containsExactlyInAnyOrderElementsOf(living);
        assertThat(fixture.backends().backends()).extracting(Backend::id).hasSize(expected.size());
        RegistryFixture restarted = RegistryFixture.over(store, clock);
        assertThat(ids(restarted.registry())).isEqualTo(ids(registry));
        assertThat(restarted.registry().listing().revision())
                .isEqualTo(registry.listing().revision());
    }

    /** One id of its own, time and again; at the end it keeps one for a day. */
    private Object use(RouteRegistry registry, int tool) throws Exception {
        Random dice = new Random(tool);
        String owner = "tool " + tool;
        for (int i = 0; i < ROUNDS; i++) {
            steps.release();
            String id = "t" + tool + "-" + dice.nextInt(5);
            Duration ttl = Duration.ofSeconds(1 + dice.nextInt(60));
            try {
                switch (dice.nextInt(4)) {
                    case 0, 1 ->
                        registry.lease(
                                new LeaseRequest(id, route(id, 10_000 + tool * 1_000 + i), ttl, owner),
                                Precondition.NONE);
                    case 2 -> registry.renew(id, owner, ttl);
                    default -> registry.update(new RouteEdit.Remove(id, owner), Precondition.NONE);
                }
            } catch (EditRefusedException e) {
                assertThat(e.reason()).isEqualTo(EditRefusedException.Reason.NO_LEASE);
            }
        }
        String kept = "t" + tool + "-kept";
        return registry.lease(
                new LeaseRequest(kept, route(kept, 20_000 + tool), Duration.ofHours(24), owner), Precondition.NONE);
    }

    private Object edit(RouteRegistry registry) throws Exception {
        for (int i = 0; i < ROUNDS / 4; i++) {
            steps.release();
            String id = "f" + i % 7;
            registry.update(new RouteEdit.Put(id, route(id, 30_000 + i)), Precondition.NONE);
            if (i % 3 == 0) {
                registry.undo(null, Precondition.NONE, null);
            }
        }
        return registry;
    }

    /** What one reading of the listing says agrees with itself. */
    private static void consistent(RouteRegistry registry) {
        Listing listing = registry.listing();
        List<String> ids = listing.routes().stream().map(WrittenRoute::id).toList();
        assertThat(ids)
                .doesNotHaveDuplicates()
                .contains("stays")
                .containsAll(listing.leases().keySet());
        assertThat(registry.current().route("stays")).isPresent();
    }

    private static ObjectNode route(String id, int port) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("host", id + ".localhost")
                .put("target", port);
    }

    private static List<String> ids(RouteRegistry registry) {
        return registry.current().routes().stream().map(Route::id).toList();
    }

    private Callable<Object> untilOver(Runnable step) {
        return () -> {
            while (!over.get()) {
                steps.acquire();
                step.run();
            }
            return step;
        };
    }
}
