package dev.portway;

import dev.portway.cli.ProcessSignals;
import dev.portway.routing.ReloadReport;
import dev.portway.routing.RouteRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process does when it is sent a signal: {@code INT} and {@code TERM} stop it in good order, a second one at
 * once; {@code HUP} reads the configuration again, unless a terminal was closed. Thread-safe.
 * Where Java does not let it, its own
 * handling stays.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private static final Map<String, Integer> STOPPING = Map.of("INT", 2, "TERM", 15);
    private static final int STATUS_BASE = 128;

    private Signals() {}

    /**
     * Takes over.
     *
     * @param atTerminal whether a person started the process at a terminal
     */
    static void handle(RouteRegistry routes, boolean atTerminal) {
        AtomicBoolean stopping = new AtomicBoolean();
        STOPPING.forEach((name, number) -> ProcessSignals.on(name, () -> stop(stopping, STATUS_BASE + number)));
        if (!atTerminal) {
            ProcessSignals.on("HUP", () -> reload(routes));
        }
    }

    private static void stop(AtomicBoolean stopping, int status) {
        if (stopping.compareAndSet(false, true)) {
            // The shutdown hooks stop the server; they run while this thread waits in exit().
            new Thread(() -> System.exit(status), "portway-stop").start();
        } else {
            Runtime.getRuntime().halt(status);
        }
    }

    private static void reload(RouteRegistry routes) {
        ReloadReport report = routes.reload();
        LOG.info(
                "HUP: {}",
                report.applied()
                        ? report.added().size() + " routes added, "
                                + report.changed().size() + " changed, "
                                + report.removed().size() + " removed"
                        : "the file has errors, the routes stay as they are");
    }
}
