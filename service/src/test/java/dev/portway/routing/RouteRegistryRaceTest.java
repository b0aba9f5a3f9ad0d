package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.FileWatcher;
import dev.portway.config.TargetState;
import dev.portway.config.WrittenRoute;
import dev.portway.upstream.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers, a hand editor, the watcher, a reader of the file and requests, all at once. */
class RouteRegistryRaceTest {

    private static final int WRITERS = 4;
    private static final int ROUTES = 130; // of each writer: with those it takes away again, 1,000 edits in all
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path folder;

    /** A hand editor reads, thinks and saves: what others save in between it would undo, so they wait for it. */
    private final ReadWriteLock editing = new ReentrantReadWriteLock();

    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void losesNoWriteAndFailsNoMatch() throws Exception {
        Path file = folder.resolve("config.json");
        RegistryFixture fixture = RegistryFixture.over(
                file,
                RegistryFixture.file("[ { \"id\": \"stays\", \"host\": \"stays.local\", \"target\": 3000 } ]")
                        .replace("\"port\": 8080", "\"port\": 8080, \"timeouts\": { \"shutdown\": \"1s\" }"));
        RouteRegistry registry = fixture.registry();
        FileWatcher watcher = new FileWatcher(file, registry::refresh);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> writers = new ArrayList<>();
        List<Future<?>> others = new ArrayList<>();
        watcher.start();

        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writers.add(threads.submit(() -> write(registry, writer)));
        }
        Future<Integer> edits = threads.submit(untilOver(() -> editByHand(file)));
        others.add(edits);
        others.add(threads.submit(untilOver(() -> readFile(file))));
        others.add(threads.submit(untilOver(() -> match(registry))));
        for (Future<?> writer : writers) {
            writer.get(5, TimeUnit.MINUTES);
        }
        over.set(true);
        for (Future<?> other : others) {
            other.get(1, TimeUnit.MINUTES);
        }
        watcher.stop();
        threads.shutdown();
        registry.refresh(true);

        List<String> expected = new ArrayList<>(List.of("stays"));
        for (int writer = 0; writer < WRITERS; writer++) {
            for (int i = 0; i < ROUTES; i++) {
                if (stays(i)) {
                    expected.add("w" + writer + "-" + i);
                }
            }
        }
        assertThat(registry.current().routes()).extracting(Route::id).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(fixture.store().read().read().routes())
                .isEqualTo(registry.listing().routes());
        assertThat(registry.listing().routes())
                .extracting(WrittenRoute::id)
                .isEqualTo(registry.current().routes().stream().map(Route::id).toList());
        assertThat(MAPPER.readTree(file.toFile()).at("/proxy/timeouts/shutdown").textValue())
                .isEqualTo(1 + edits.get() + "s");
        assertThat(registry.current().config().proxy().timeouts().shutdown()).hasSeconds(1 + edits.get());
        assertThat(fixture.backends().backends()).extracting(Backend::id).hasSize(expected.size());
    }

    @Test
    void keepsWhatAPersonSetsOfABackendWhoseCheckIsEdited() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(
                folder.resolve("config.json"), RegistryFixture.file("[ { \"id\": \"stays\", \"target\": 3000 } ]"));
        RouteRegistry registry = fixture.registry();
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicReference<TargetState> last = new AtomicReference<>();
        Future<Integer> person = threads.submit(untilOver(() -> registry.betweenWrites(() -> set(fixture, last))));

        for (int i = 0; i < 60; i++) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("health").put("path", "/" + i);
            registry.update(new RouteEdit.Patch("stays", patch), Precondition.NONE);
        }
        over.set(true);
        person.get(1, TimeUnit.MINUTES);
        threads.shutdown();
    }

    private static TargetState set(RegistryFixture fixture, AtomicReference<TargetState> last) {
        Backend backend = fixture.backends().backends().get(0);
        assertThat(backend.override()).isEqualTo(last.get());
        TargetState next = last.get() == TargetState.UP ? TargetState.DRAIN : TargetState.UP;
        backend.override(next);
        last.set(next);
        return next;
    }

    private static boolean stays(int edit) {
        return edit % 10 == 0;
    }

    /** Adds a route, and takes most of them away again. */
    private Object write(RouteRegistry registry, int writer) throws Exception {
        for (int i = 0; i < ROUTES; i++) {
            String id = "w" + writer + "-" + i;
            ObjectNode route = JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("host", id + ".local")
                    .put("target", 10_000 + writer * ROUTES + i);
            update(registry, new RouteEdit.Add(List.of(route)));
            assertThat(registry.current().route(id)).isPresent();
            if (!stays(i)) {
                update(registry, new RouteEdit.Remove(id));
                assertThat(registry.current().route(id)).isEmpty();
            }
        }
        return writer;
    }

    private void update(RouteRegistry registry, RouteEdit edit) throws Exception {
        editing.readLock().lock();
        try {
            registry.update(edit, Precondition.NONE);
        } finally {
            editing.readLock().unlock();
        }
    }

    private void editByHand(Path file) throws Exception {
        editing.writeLock().lock();
        try {
            String text = Files.readString(file);
            String now = MAPPER.readTree(text).at("/proxy/timeouts/shutdown").textValue();
            String next = Integer.parseInt(now.replace("s", "")) + 1 + "s";
            RegistryFixture.saveByRename(
                    file, text.replace("\"shutdown\": \"" + now + "\"", "\"shutdown\": \"" + next + "\""));
        } finally {
            editing.writeLock().unlock();
        }
        TimeUnit.MILLISECONDS.sleep(20); // a person's pace, so that the writers get on
    }

    private static void readFile(Path file) throws Exception {
        assertThat(MAPPER.readTree(Files.readString(file)).at("/routes/0/id").textValue())
                .isEqualTo("stays");
    }

    private static void match(RouteRegistry registry) {
        Route route = registry.current().match(new Get("stays.local"));
        assertThat(route).isNotNull();
        assertThat(route.id()).isEqualTo("stays");
        assertThat(route.upstream().candidates()).isNotEmpty();
        Thread.onSpinWait();
    }

    private Callable<Integer> untilOver(Step step) {
        return () -> {
            int times = 0;
            while (!over.get()) {
                step.run();
                times++;
            }
            return times;
        };
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private record Get(String host) implements RouteRequest {

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public @Nullable String header(String name) {
            return null;
        }
    }
}
