package dev.portway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dropwizard.logging.common.BootstrapLogging;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Starts the proxy on free ports, lets a few requests through and stops. The build runs it to record which classes a
 * start needs (an application class-data archive), and so proves at the same time that the jar works.
 */
@Command(name = "warm-up", hidden = true, description = "Start, serve a few requests and stop.", sortOptions = false)
final class WarmUpCommand implements Callable<Integer> {

    private static final int ROUNDS = 3;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final ProxyStarter starter;
    private final Terminal terminal;

    WarmUpCommand(ProxyStarter starter, Terminal terminal) {
        this.starter = starter;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        BootstrapLogging.bootstrap();
        try (DemoSite site = DemoSite.open()) {
            ReadFile read = site.configure(0, 0, terminal);
            read.usable();
            try (RunningProxy proxy = starter.start(new StartRequest(read.file(), read.document(), null, null))) {
                site.show(proxy);
                for (int round = 0; round < ROUNDS; round++) {
                    for (String path : List.of("/", "/api/x?y=z")) {
                        expectOk(proxy.proxyUrl(), path);
                    }
                    for (String path : List.of("/", "/routes", "/backends", "/status", "/live", "/ready")) {
                        expectOk(proxy.adminUrl(), path);
                    }
                }
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
