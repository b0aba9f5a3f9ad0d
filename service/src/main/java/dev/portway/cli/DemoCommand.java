package dev.portway.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the proxy at work, with nothing to install or configure. */
@Command(
        name = "demo",
        description = "Show it at work: the proxy in front of three small backends of its own, in a browser.",
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final int PROXY_PORT = 8080;
    private static final int ADMIN_PORT = 8081;

    private final ProxyStarter starter;
    private final Terminal terminal;

    DemoCommand(ProxyStarter starter, Terminal terminal) {
        this.starter = starter;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Launch.rememberNoNames();
        int proxyPort = PortCheck.freePort(PROXY_PORT);
        int adminPort = PortCheck.freePort(ADMIN_PORT);
        try (DemoSite site = DemoSite.open()) {
            ReadFile read = site.configure(proxyPort, adminPort, terminal);
            read.usable();
            try (RunningProxy proxy = starter.start(new StartRequest(read.file(), read.document(), null, null))) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(proxy, site), "demo-end"));
                site.show(proxy);
                announce(proxy, site, read);
                proxy.awaitStop();
            }
        }
        return CommandLineTool.FINE;
    }

    /** Ctrl-C stops the proxy; its backends and its file go last, so that it does not miss them. */
    private void end(RunningProxy proxy, DemoSite site) {
        try (site) {
            proxy.awaitStop();
        } catch (Exception exception) {
            terminal.err().println("the demo did not end cleanly: " + exception.getMessage());
        }
    }

    private void announce(RunningProxy proxy, DemoSite site, ReadFile read) {
        PrintWriter out = terminal.out();
        int port = proxy.proxyUrl().getPort();
        int admin = proxy.adminUrl().getPort();
        out.println();
        sayIfTaken(PROXY_PORT, port);
        sayIfTaken(ADMIN_PORT, admin);
        out.println("  The demo runs. Open");
        out.println();
        out.println("    http://web.localhost:" + port + "/     a page that tries everything");
        out.println("    http://localhost:" + port + "/api      what a backend sees of your request");
        out.println("    http://localhost:" + port + "/events   a stream that ticks");
        out.println("    http://localhost:" + admin + "/         routes, backends and counts");
        out.println();
        out.println("  Add a route while it runs, then use it:");
        out.println();
        out.println("    curl localhost:" + admin + "/routes -d host=hello.localhost -d target=" + site.echoPort());
        out.println("    curl http://hello.localhost:" + port + "/");
        out.println();
        out.println("  Its configuration is " + read.file() + "; edit it and save.");
        out.println("  Ctrl-C ends the demo and removes the file.");
        out.println();
        out.flush();
    }

    private void sayIfTaken(int usual, int taken) {
        if (taken != usual) {
            terminal.out().println("  Port " + usual + " is in use, so the demo takes " + taken + ".");
        }
    }
}
