package dev.portway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The demo's backends, and a configuration of its own that routes to them; both are gone when it is closed. */
final class DemoSite implements AutoCloseable {

    private final Path folder;
    private final DemoPage page;
    private final DemoBackends backends;

    private DemoSite(Path folder, DemoPage page, DemoBackends backends) {
        this.folder = folder;
        this.page = page;
        this.backends = backends;
    }

    static DemoSite open() throws Exception {
        DemoPage page = new DemoPage();
        return new DemoSite(Files.createTempDirectory("portway-demo-"), page, DemoBackends.start(page));
    }

    /** Writes the configuration and reads it as any other would be. */
    ReadFile configure(int proxyPort, int adminPort, Terminal terminal) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, """
                {
                  "proxy": { "port": %d, "admin": { "port": %d } },
                  "routes": {
                    "web.localhost": %d,
                    "/api": %d,
                    "/events": %d
                  },
                  "default": { "target": %d }
                }
                """.formatted(
                        proxyPort,
                        adminPort,
                        backends.pagePort(),
                        backends.echoPort(),
                        backends.eventsPort(),
                        backends.pagePort()));
        return ReadFile.of(file, terminal);
    }

    /** Tells the page where the proxy listens, once that is known. */
    void show(RunningProxy proxy) throws IOException {
        page.show(proxy.proxyUrl().getPort(), proxy.adminUrl().getPort(), backends.echoPort());
    }

    int echoPort() {
        return backends.echoPort();
    }

    @Override
    public void close() throws Exception {
        try {
            backends.close();
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException gone) {
            // A temporary folder that the system clears as well; nothing a person would act on.
        }
    }
}
