package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import io.dropwizard.configuration.ConfigurationException;
import java.net.BindException;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of the proxy, from a file that was read to the end of the process.
 *
 * @param starter starts it
 * @param terminal says how it went
 * @param host listened on instead of the file's; null for the file's own
 * @param port listened on instead of the file's; null for the file's own
 */
record Launch(
        ProxyStarter starter,
        Terminal terminal,
        @Nullable String host,
        @Nullable Integer port) {

    Launch {
        requireNonNull(starter, "starter");
        requireNonNull(terminal, "terminal");
    }

    /** Java's own memory of names would keep a container that moved unfound; the proxy has one that counts. */
    static void rememberNoNames() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /** Starts, says where it listens, and waits until it stops. */
    void run(ReadFile read) throws Exception {
        rememberNoNames(); // before the first is looked up, or it has no effect
        read.printProblems(terminal);
        PortwayConfig config = read.usable();
        checkPorts(config.proxy());

        try (RunningProxy proxy = start(read, config)) {
            announce(proxy, read, config.routes().size());
            proxy.awaitStop();
        }
    }

    /** The same from the file meant, read once what a killed process left behind is cleared up. */
    void run(ConfigFileOption file) throws Exception {
        run(ReadFile.recovered(file.choose(terminal), terminal, host, port));
    }

    private RunningProxy start(ReadFile read, PortwayConfig config) throws Exception {
        try {
            return starter.start(new StartRequest(read.file(), read.document(), host, port));
        } catch (ConfigurationException section) {
            throw new CommandFailure(read.name() + ": " + String.join("; ", section.getErrors()));
        } catch (Exception exception) {
            if (!causedByBinding(exception)) {
                throw exception;
            }
            checkPorts(config.proxy());
            throw new CommandFailure("a port was taken by another process a moment ago", List.of("start it again"));
        }
    }

    private void checkPorts(ProxyConfig proxy) {
        Optional<CommandFailure> obstacle = PortCheck.obstacle("proxy.port", proxy.host(), proxy.port())
                .or(() -> PortCheck.obstacle(
                        "proxy.admin.port", proxy.admin().host(), proxy.admin().port()))
                .or(() -> Optional.ofNullable(proxy.tls())
                        .flatMap(tls -> PortCheck.obstacle("proxy.tls.port", proxy.host(), tls.port())));
        if (obstacle.isPresent()) {
            throw obstacle.get();
        }
    }

    private void announce(RunningProxy proxy, ReadFile read, int routes) {
        String counted = Count.of(routes, "route");
        if (!terminal.interactive()) {
            terminal.out()
                    .println("ready: " + proxy.proxyUrl()
                            + proxy.tlsUrl().map(url -> ", " + url).orElse("") + ", admin " + proxy.adminUrl() + ", "
                            + read.name() + ", "
                            + counted);
            return;
        }
        terminal.out().println();
        terminal.out().println("  Portway " + ProxyCommand.Version.number() + " is ready; Ctrl-C stops it");
        terminal.out().println();
        terminal.out().println("    proxy  " + proxy.proxyUrl());
        proxy.tlsUrl().ifPresent(url -> terminal.out().println("           " + url));
        terminal.out().println("    admin  " + proxy.adminUrl());
        terminal.out().println("    file   " + read.name() + ", " + counted + "; saved edits apply at once");
        terminal.out().println();
    }

    private static boolean causedByBinding(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
