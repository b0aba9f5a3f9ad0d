package dev.portway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the proxy on free ports, lets a few requests through and stops. The build runs it to record which classes a
 * start needs (an application class-data archive), and so proves at the same time that the jar works.
 */
@Command(name = "warm-up", hidden = true, description = "Start, serve a few requests and stop.", sortOptions = false)
final class WarmUpCommand implements Callable<Integer> {

    private static final int ROUNDS = 3;
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final int CHILD_LIMIT_SECONDS = 60;

    private final ProxyStarter starter;
    private final Terminal terminal;

    @Option(
            names = "--commands",
            paramLabel = "FILE",
            description = "Write the classes there that the commands need which steer a proxy.")
    private @Nullable Path commands;

    @Option(names = "--of", paramLabel = "ADMIN", description = "Only run those commands, against this proxy.")
    private @Nullable String admin;

    WarmUpCommand(ProxyStarter starter, Terminal terminal) {
        this.starter = starter;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (admin != null) {
            return runCommands(admin);
        }
        try (DemoSite site = DemoSite.open()) {
            Path file = site.configure(0, 0, terminal).file();
            ProxyStarter warming = request -> new Warming(starter.start(request), site, commands);
            new Launch(warming, terminal, null, null).run(new ConfigFileOption().or(file));
        }
        return CommandLineTool.FINE;
    }

    /** A proxy that stops once it has done a little of everything. */
    private record Warming(
            RunningProxy proxy, DemoSite site, @Nullable Path commands) implements RunningProxy {

        @Override
        public URI proxyUrl() {
            return proxy.proxyUrl();
        }

        @Override
        public Optional<URI> tlsUrl() {
            return proxy.tlsUrl();
        }

        @Override
        public URI adminUrl() {
            return proxy.adminUrl();
        }

        @Override
        public void awaitStop() throws InterruptedException {
            try {
                site.show(proxy);
                for (int round = 0; round < ROUNDS; round++) {
                    for (String path : List.of("/", "/api/x?y=z")) {
                        expectOk(proxyUrl(), path);
                    }
                    for (String path : List.of("/", "/routes", "/backends", "/status", "/live", "/ready")) {
                        expectOk(adminUrl(), path);
                    }
                }
                if (commands != null) {
                    recordCommands(commands, adminUrl());
                }
            } catch (IOException unreachable) {
                throw new CommandFailure("the proxy could not be asked: " + unreachable.getMessage());
            }
        }

        @Override
        public void close() throws Exception {
            proxy.close();
        }
    }

    /** Lets another process run the commands and note each class: this one has classes that they do not need. */
    private static void recordCommands(Path file, URI admin) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:DumpLoadedClassList=" + file.toAbsolutePath(),
                        "-XX:+UseSerialGC",
                        "-jar",
                        System.getProperty("java.class.path"),
                        "warm-up",
                        "--of",
                        admin.toString())
                .inheritIO()
                .start();
        if (!child.waitFor(CHILD_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            child.destroyForcibly();
        }
        int status = child.waitFor();
        if (status != 0) {
            throw new CommandFailure("the commands ended with " + status);
        }
    }

    private int runCommands(String address) {
        CommandLineTool tool = new CommandLineTool(starter, terminal);
        for (String line : List.of(
                "--help",
                "hosts --json --file /dev/null --remove",
                "route add warm.localhost/up 9 --id warm --admin %s",
                "route list --admin %s",
                "route show warm --admin %s",
                "explain warm.localhost/up --admin %s",
                "status --json --admin %s",
                "run --host warm.localhost --admin %s -- true",
                "route remove warm --admin %s")) {
            int status = tool.run(line.formatted(address).split(" "));
            if (status != 0) {
                return status;
            }
        }
        return CommandLineTool.FINE;
    }

    /** Asks over a bare socket, so that no HTTP client's classes end up among those a start needs. */
    private static void expectOk(URI base, String path) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + base.getAuthority()
                    + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new CommandFailure(
                        base + path + " answered: " + answer.lines().findFirst().orElse("nothing"));
            }
        }
    }
}
