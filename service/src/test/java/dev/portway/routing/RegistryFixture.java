package dev.portway.routing;

import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.upstream.BackendPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** A registry over a file of its own. */
record RegistryFixture(Path file, RouteStore store, BackendPool backends, RouteRegistry registry) {

    static final Map<String, String> ENVIRONMENT = Map.of("API", "http://localhost:3001");

    static RegistryFixture over(Path file, String text, RouteTableListener... listeners) throws IOException {
        Files.writeString(file, text);
        return over(new RouteStore(file, new ConfigReader(ENVIRONMENT::get)), listeners);
    }

    static RegistryFixture over(RouteStore store, RouteTableListener... listeners) throws IOException {
        return over(store, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC), listeners);
    }

    static RegistryFixture over(RouteStore store, InstantSource clock, RouteTableListener... listeners)
            throws IOException {
        BackendPool backends = new BackendPool(clock);
        ConfigDocument first = store.read();
        RouteRegistry registry = new RouteRegistry(store, first, TableParts.of(backends), clock, List.of(listeners));
        return new RegistryFixture(store.file(), store, backends, registry);
    }

    /** The file of the contract's shape, with these routes. */
    static String file(String routes) {
        return """
                {
                  "proxy":   { "port": 8080 },
                  "routes": %s,
                  "default": { "target": null }
                }
                """.formatted(routes);
    }

    String text() throws IOException {
        return Files.readString(file);
    }

    /** Saves as most editors do: another file is moved over. */
    static void saveByRename(Path file, String text) throws IOException {
        Path other = file.resolveSibling(file.getFileName() + ".editor");
        Files.writeString(other, text);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
