package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portway.cli.StartRequest;
import dev.portway.config.ConfigDocument;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.health.DnsClient;
import dev.portway.health.NameLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A whole proxy in this process, on free ports, with a configuration file of its own. */
public final class ProxyHarness implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Path file;
    private final ApplicationStarter.Running running;

    private ProxyHarness(Path file, ApplicationStarter.Running running) {
        this.file = file;
        this.running = running;
    }

    /** One route by path prefix, no default. */
    public static ProxyHarness routing(String path, Origin origin) {
        return routing(Map.of(path, origin));
    }

    /** A route for each host, path prefix or host and path (the object form of {@code routes}), no default. */
    public static ProxyHarness routing(Map<String, Origin> routes) {
        StringBuilder object = new StringBuilder("{");
        routes.forEach((key, origin) -> object.append(object.length() == 1 ? "" : ", ")
                .append('"')
                .append(key)
                .append("\": \"")
                .append(origin.url())
                .append('"'));
        return withRoutes(object.append('}').toString());
    }

    /** {@code routes} as JSON, in either form; no default. */
    public static ProxyHarness withRoutes(String routes) {
        return of("""
                {
                  "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": %s,
                  "default": { "target": null },
                  "logging": { "level": "WARN", "access": false }
                }
                """.formatted(routes));
    }

    /** {@code routes} and further members of {@code proxy}, as JSON. */
    public static ProxyHarness with(String proxyMembers, String routes) {
        return of("""
                {
                  "proxy": { "port": 0, "admin": { "port": 0 }, %s },
                  "routes": %s,
                  "default": { "target": null },
                  "logging": { "level": "WARN", "access": false }
                }
                """.formatted(proxyMembers, routes));
    }

    /** {@code routes} as JSON, on a plain listener and one for TLS with {@link TestCertificate#shared}. */
    public static ProxyHarness secured(String routes) {
        return with(tlsMembers(), routes);
    }

    /** The member of {@code proxy} that makes it listen for TLS. */
    public static String tlsMembers() {
        return "\"tls\": { \"port\": 0, " + TestCertificate.shared().members() + " }";
    }

    /** A whole configuration; its ports should be 0. */
    public static ProxyHarness of(String json) {
        return of(json, NameLookup::new);
    }

    /** The same, of which {@code ${NAME}} is what {@code environment} says; not to be edited or read again. */
    public static ProxyHarness of(String json, Map<String, String> environment) {
        return of(json, NameLookup::new, environment::get);
    }

    /** The same where names mean what {@code names} says. */
    static ProxyHarness of(String json, Function<DnsClient, NameLookup> names) {
        return of(json, names, System::getenv);
    }

    private static ProxyHarness of(
            String json, Function<DnsClient, NameLookup> names, Function<String, @Nullable String> environment) {
        try {
            Path file = Files.createTempDirectory("portway").resolve("config.json");
            Files.writeString(file, json, UTF_8);
            ConfigDocument document = new RouteStore(file, new ConfigReader(environment)).read();
            if (document.read().config() == null) {
                throw new AssertionError(
                        "not a valid configuration: " + document.read().errors());
            }
            return new ProxyHarness(
                    file,
                    new ApplicationStarter(routes -> {}, names).start(new StartRequest(file, document, null, null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public URI proxy() {
        return running.proxyUrl();
    }

    /** Where it listens for TLS, if the configuration says so. */
    public URI tls() {
        return running.tlsUrl().orElseThrow();
    }

    public URI admin() {
        return running.adminUrl();
    }

    /** The configuration file. */
    public Path file() {
        return file;
    }

    /** A bare connection to the proxy. */
    public RawClient connect() throws IOException {
        return RawClient.to(proxy());
    }

    /** Sends one raw request and reads its response. */
    public RawClient.Response raw(String request) throws IOException {
        try (RawClient client = connect()) {
            return client.send(request).read(request.substring(0, request.indexOf(' ')));
        }
    }

    /** GET through the proxy. */
    public HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(proxy().resolve(path)).build());
    }

    public HttpResponse<String> send(HttpRequest request) throws Exception {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A request to the admin side, with a JSON body unless {@code body} is null. */
    public HttpResponse<String> admin(String method, String path, @Nullable String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(admin().resolve(path));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    @Override
    public void close() {
        running.idleAtStop(50); // or the connections that this class's client keeps would take a second, each time
        stop();
    }

    /** Stops it as a signal would. */
    public void stop() {
        try {
            running.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
