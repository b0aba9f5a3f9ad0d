package dev.portway.cli;

import dev.portway.api.BackendView;
import dev.portway.api.StatusView;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import dev.portway.config.PortwayConfig;
import dev.portway.config.ProxyConfig;
import dev.portway.config.RouteConfig;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A look at a configuration and the machine it is for, thing by thing; changes nothing. Confined to one thread. */
final class Examination {

    private static final int OLDEST_JAVA = 17;
    private static final long LEAST_DISK = 100L * 1024 * 1024;
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final Terminal terminal;
    private final Instant now;
    private final Path hosts;
    private final List<Finding> findings = new ArrayList<>();

    /** @param hosts the hosts file */
    Examination(Terminal terminal, Instant now, Path hosts) {
        this.terminal = terminal;
        this.now = now;
        this.hosts = hosts;
    }

    /** Looks at what does not need a configuration that can be used. */
    List<Finding> of(ReadFile read) {
        java();
        file(read.file(), read.name());
        PortwayConfig config = read.document().read().config();
        if (config == null) {
            findings.add(Finding.wrong(
                    "configuration",
                    read.name() + " has "
                            + Count.of(read.document().read().errors().size(), "error"),
                    "./proxy validate -c " + read.name()));
            return findings;
        }
        findings.add(Finding.ok(
                "configuration", read.name() + ", " + Count.of(config.routes().size(), "route")));
        listeners(config.proxy());
        runningProxy(config.proxy());
        loop(config.proxy());
        backends(config.routes());
        names(config.routes());
        return findings;
    }

    private void java() {
        int version = Runtime.version().feature();
        findings.add(
                version >= OLDEST_JAVA
                        ? Finding.ok("java", "Java " + Runtime.version())
                        : Finding.wrong("java", "Java " + version, "install Java 17 or newer"));
    }

    private void file(Path file, String name) {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isWritable(file)) {
            findings.add(Finding.wrong(
                    "permissions",
                    name + " may not be written by this user, so no route can be added",
                    "chmod u+w " + name));
        } else if (folder != null && !Files.isWritable(folder)) {
            findings.add(Finding.doubtful(
                    "permissions",
                    "the folder of " + name + " may not be written, so the file cannot be replaced whole",
                    "chmod u+w " + folder));
        } else {
            findings.add(Finding.ok("permissions", name + " and its folder may be written"));
        }
        try {
            secrets(file, name);
            long usable = Files.getFileStore(file).getUsableSpace();
            String left = usable / 1024 / 1024 + " MiB left where " + name + " is";
            findings.add(
                    usable < LEAST_DISK
                            ? Finding.wrong("disk", left, "make room: changes that cannot be saved are refused")
                            : Finding.ok("disk", left));
            Instant written = Files.getLastModifiedTime(file).toInstant();
            findings.add(
                    written.isAfter(now.plus(CLOCK_TOLERANCE))
                            ? Finding.wrong(
                                    "clock",
                                    "it is " + now + ", and " + name + " was written at " + written,
                                    "set the clock: certificates, tokens and leases go by it")
                            : Finding.ok("clock", "it is " + now));
        } catch (IOException unknown) {
            findings.add(Finding.doubtful(
                    "disk", name + " cannot be looked at: " + unknown.getMessage(), "see whether the disk is there"));
        }
    }

    private void secrets(Path file, String name) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            findings.add(Finding.wrong(
                    "permissions", name + " may be written by everybody on this machine", "chmod o-w " + name));
        }
    }

    private void listeners(ProxyConfig proxy) {
        Map<String, Integer> ports = new TreeMap<>();
        ports.put("proxy.port", proxy.port());
        ports.put("proxy.admin.port", proxy.admin().port());
        if (proxy.tls() != null) {
            ports.put("proxy.tls.port", proxy.tls().port());
        }
        ports.forEach(this::listener);
    }

    private void listener(String key, int port) {
        if (port == 0) {
            findings.add(Finding.ok(key, "a free port at each start"));
            return;
        }
        boolean four = PortCheck.listens("127.0.0.1", port);
        boolean six = PortCheck.listens("::1", port);
        if (!four && !six) {
            findings.add(Finding.wrong(key, "nothing listens on " + port, "./proxy start"));
            return;
        }
        Optional<PortHolder> holder = PortHolder.of(port);
        String by = holder.map(h -> h.name() + " (process " + h.pid() + ")").orElse("a process of another user");
        if (holder.isPresent() && !holder.get().name().equals("java")) {
            findings.add(Finding.wrong(
                    key, port + " is held by " + by, "stop it, or take another port: ./proxy start -p PORT"));
            return;
        }
        boolean hasSix = PortCheck.hasIpv6();
        if (four && (six || !hasSix)) {
            findings.add(Finding.ok(key, by + " listens on " + port));
        } else {
            findings.add(Finding.doubtful(
                    key,
                    by + " listens on " + (four ? "127.0.0.1:" : "[::1]:") + port + " and not on "
                            + (four ? "[::1]" : "127.0.0.1"),
                    "a browser may try the other first; \"host\": \"localhost\" listens on both"));
        }
    }

    /** What the proxy says of itself, where it listens. */
    private void runningProxy(ProxyConfig proxy) {
        int port = proxy.admin().port();
        if (port == 0 || !(PortCheck.listens("127.0.0.1", port) || PortCheck.listens("::1", port))) {
            return;
        }
        try (PortwayClient client = AdminOption.at("http://localhost:" + port, terminal, AdminOption.OWNER)) {
            StatusView status = client.status();
            findings.add(
                    status.lastReload().applied()
                            ? Finding.ok(
                                    "running proxy",
                                    "Portway " + status.version() + " since " + status.startedAt() + ", "
                                            + Count.of(status.routes(), "route"))
                            : Finding.wrong(
                                    "running proxy",
                                    "it has the routes from before: its last reading of the file, at "
                                            + status.lastReload().at() + ", failed",
                                    "./proxy validate, then save the file again"));
            for (BackendView backend : client.backends().list()) {
                if (backend.health().equals("down")) {
                    findings.add(Finding.wrong(
                            "backend " + backend.id(),
                            "the proxy finds it down since " + backend.since()
                                    + (backend.reason() == null ? "" : ": " + backend.reason()),
                            "start it, or look at its check with ./proxy explain URL"));
                }
            }
        } catch (PortwayException failed) {
            findings.add(Finding.doubtful(
                    "running proxy",
                    String.valueOf(AdminOption.failure(failed).getMessage()),
                    "see what listens on " + port + "; a token is taken from PORTWAY_TOKEN"));
        }
    }

    private void loop(ProxyConfig proxy) {
        for (String name :
                List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = terminal.variable(name).orElse("");
            if (value.matches("(?i).*(localhost|127\\.0\\.0\\.1|\\[::1]):" + proxy.port() + "/?")) {
                findings.add(Finding.doubtful(
                        "loop",
                        name + " sends what programs here ask for through this proxy, backends included",
                        "unset " + name + " where backends are started, or set NO_PROXY=localhost"));
                return;
            }
        }
        findings.add(Finding.ok("loop", "no route leads back here, nor does the environment"));
    }

    private void backends(List<RouteConfig> routes) {
        Map<String, Set<String>> users = new TreeMap<>();
        Map<String, TargetUrl> urls = new TreeMap<>();
        for (RouteConfig route : routes) {
            for (TargetConfig target : route.enabled() ? route.targets() : List.<TargetConfig>of()) {
                TargetUrl url = target.url();
                if (LOOPBACK.contains(url.host())) {
                    String origin = url.host() + " port " + url.port();
                    urls.put(origin, url);
                    users.computeIfAbsent(origin, unused -> new TreeSet<>()).add(route.id());
                }
            }
        }
        urls.forEach((origin, url) -> backend(origin, url, String.join(", ", users.getOrDefault(origin, Set.of()))));
    }

    private void backend(String origin, TargetUrl url, String routes) {
        boolean four = PortCheck.listens("127.0.0.1", url.port());
        boolean six = PortCheck.listens("::1", url.port());
        boolean reached = switch (url.host()) {
            case "127.0.0.1" -> four;
            case "::1" -> six;
            default -> four || six;
        };
        String about = "backend of " + routes;
        if (reached) {
            String by = PortHolder.of(url.port()).map(PortHolder::name).orElse("something");
            findings.add(Finding.ok(about, by + " listens on " + origin));
        } else if (four || six) {
            findings.add(Finding.wrong(
                    about,
                    "nothing listens on " + origin + ", but " + (four ? "127.0.0.1" : "::1") + " answers there",
                    "write the target as " + url.port() + ", which tries both"));
        } else {
            findings.add(Finding.wrong(about, "nothing listens on " + origin, "start it"));
        }
    }

    private void names(List<RouteConfig> routes) {
        HostsCommand.Names names = HostsCommand.Names.of(routes);
        int missing = 0;
        for (String name : names.needed()) {
            if (!leadsHere(name)) {
                missing++;
                findings.add(
                        Finding.wrong("hosts", name + " does not lead to this machine", "sudo ./proxy hosts --write"));
            }
        }
        if (missing == 0) {
            findings.add(Finding.ok("hosts", "every name leads to this machine; looked at " + hosts));
        }
    }

    private boolean leadsHere(String name) {
        try {
            return HostsFile.read(hosts).names().contains(name)
                    || InetAddress.getByName(name).isLoopbackAddress();
        } catch (IOException unknown) {
            return false;
        }
    }
}
