package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {

    private static final String LIST_FORM = """
            {
              "$schema": "./service/src/main/resources/config.schema.json",
              "proxy": {
                "host": "localhost", "port": 8080,
                "admin":    { "host": "localhost", "port": 8081 },
                "timeouts": { "connect": "2s", "response": "30s" },
                "limits":   { "connections": 10000, "headerBytes": "16KiB", "backendConnections": 512 }
              },
              "routes": [
                { "host": "web.localhost", "target": 3000 },
                { "id": "api", "host": ["api.localhost", "api.local"], "path": "/v1",
                  "targets": [ { "url": "http://127.0.0.1:3001", "weight": 2 }, "http://127.0.0.1:3002" ],
                  "loadBalancing": "least-latency", "health": { "path": "/health" }, "metadata": { "owner": "team-a" } }
              ],
              "default":  { "target": "http://127.0.0.1:3000" },
              "logging":  { "level": "INFO", "format": "text", "destination": "stdout" },
              "security": { "cors": {}, "rateLimit": {}, "auth": {}, "headers": {} }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void readsTheListForm() {
        PortwayConfig config = requireNonNull(read(LIST_FORM).config());

        assertThat(config.proxy())
                .isEqualTo(new ProxyConfig(null, 8080, null, null, null, null, false, null, null, null));
        assertThat(config.logging()).isEqualTo(LoggingConfig.DEFAULT);
        assertThat(config.defaultRoute().target()).isEqualTo(TargetConfig.of(url("127.0.0.1", 3000)));
        assertThat(config.routes())
                .containsExactly(
                        RouteConfig.of(List.of("web.localhost"), "/", List.of(TargetConfig.of(TargetUrl.ofPort(3000)))),
                        new RouteConfig(
                                "api",
                                List.of("api.localhost", "api.local"),
                                "/v1",
                                List.of(),
                                Map.of(),
                                true,
                                Map.of("owner", "team-a"),
                                List.of(
                                        new TargetConfig(url("127.0.0.1", 3001), 2, TargetState.UP, null),
                                        TargetConfig.of(url("127.0.0.1", 3002))),
                                LoadBalancingConfig.of(LoadBalancing.LEAST_LATENCY),
                                null,
                                new HealthConfig(
                                        "/health",
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(1),
                                        1,
                                        3,
                                        new StatusRange(200, 399)),
                                EjectionConfig.DEFAULT,
                                RetryConfig.DEFAULT,
                                Duration.ZERO,
                                null,
                                RouteTimeoutsConfig.INHERITED,
                                null,
                                RouteConfig.DEFAULT_UPGRADES,
                                null,
                                null,
                                RulesConfig.NONE));
    }

    @Test
    void readsEveryKey() {
        ReadResult result = ValidConfigs.read(ValidConfigs.EVERYTHING);

        PortwayConfig config = requireNonNull(result.config());
        assertThat(config.proxy().host()).isEqualTo("::");
        assertThat(config.proxy().admin().token()).isEqualTo("abc");
        assertThat(config.proxy().admin().toString()).doesNotContain("abc");
        assertThat(config.proxy().timeouts().connect()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.proxy().timeouts().upload()).isZero();
        assertThat(config.proxy().limits())
                .isEqualTo(new LimitsConfig(
                        1,
                        1024 * 1024,
                        1,
                        4,
                        1024,
                        8,
                        10,
                        2048,
                        new LimitConfig.Rate(5, Duration.ofSeconds(1), 10, LimitKey.CLIENT)));
        assertThat(config.proxy().dns()).isEqualTo(new InetSocketAddress(InetAddresses.forString("::1"), 5353));
        assertThat(config.proxy().trustedProxies())
                .extracting(Cidr::toString)
                .containsExactly("10.0.0.0/8", "0:0:0:0:0:0:0:1/128", "2001:db8:0:0:0:0:0:0/32", "192.0.2.7/32");
        RouteConfig route = config.routes().get(0);
        assertThat(route.host())
                .containsExactly("api.localhost", "*.local", "xn--bcher-kva.example", "127.0.0.1", "::1");
        assertThat(route.path()).isEqualTo("/caf%C3%A9/~user/%2F;x=1");
        assertThat(route.methods()).containsExactly("GET", "PROPFIND");
        assertThat(route.headers()).isEqualTo(Map.of("X-Env", "test", "X-Any", "*"));
        assertThat(route.enabled()).isFalse();
        Map<String, Object> nested = new HashMap<>();
        nested.put("list", Arrays.asList(1, new java.math.BigDecimal("2.5"), null, true));
        assertThat(route.metadata()).isEqualTo(Map.of("owner", "team-a", "nested", nested));
        assertThat(route.targets())
                .containsExactly(
                        new TargetConfig(
                                new TargetUrl("https", "example.com", 8443, "/base", "a=b"),
                                0,
                                TargetState.DRAIN,
                                null,
                                TargetConfig.ANY_NUMBER,
                                null,
                                Duration.ZERO,
                                null,
                                Resolve.ALL),
                        new TargetConfig(
                                TargetUrl.ofPort(3001),
                                1000,
                                TargetState.DOWN,
                                null,
                                TargetConfig.ANY_NUMBER,
                                null,
                                Duration.ZERO,
                                check("/own", Duration.ofSeconds(10), 1),
                                Resolve.ONE),
                        new TargetConfig(
                                new TargetUrl("http", "2001:db8::1", 80, "", null),
                                1,
                                TargetState.UP,
                                null,
                                10,
                                new RateConfig(100, Duration.ofMinutes(1)),
                                Duration.ofSeconds(30),
                                null,
                                Resolve.ONE),
                        new TargetConfig(
                                new TargetUrl("http", "_http._tcp.app.example", 80, "", null),
                                1,
                                TargetState.UP,
                                null,
                                TargetConfig.ANY_NUMBER,
                                null,
                                Duration.ZERO,
                                null,
                                Resolve.SRV),
                        TargetConfig.of(TargetUrl.ofPort(3002)));
        assertThat(config.routes().get(5).loadBalancing()).isEqualTo(LoadBalancingConfig.of(LoadBalancing.HASH));
        assertThat(config.routes().get(6).loadBalancing().key()).isEqualTo(new HashKey(HashKey.Part.HEADER, "X-User"));
        assertThat(config.routes().get(5).sticky()).isEqualTo(StickyConfig.DEFAULT);
        assertThat(config.routes().get(7).sticky()).isNull();
        assertThat(config.routes().get(8).sticky()).isEqualTo(new StickyConfig("at", "0123456789abcdef"));
        assertThat(config.routes().get(8).toString()).doesNotContain("0123456789abcdef");
        assertThat(config.routes().get(7).loadBalancing()).isEqualTo(LoadBalancingConfig.of(LoadBalancing.RANDOM));
        assertThat(route.hostHeader()).isEqualTo("app.example:8443");
        assertThat(route.health()).isEqualTo(check("/health?deep=1", Duration.ofSeconds(10), 5));
        assertThat(String.valueOf(route.health())).isEqualTo("GET /health?deep=1");
        assertThat(route.ejection())
                .isEqualTo(new EjectionConfig(
                        1,
                        100,
                        1,
                        Duration.ofSeconds(1),
                        new StatusRange(503, 503),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        100));
        assertThat(route.waitForBackend()).isEqualTo(Duration.ofSeconds(10));
        assertThat(route.queue()).isEqualTo(new QueueConfig(10, Duration.ofSeconds(2)));
        assertThat(config.routes().get(1).waitForBackend()).isZero();
        assertThat(config.routes().get(1).queue()).isEqualTo(QueueConfig.DEFAULT);
        assertThat(config.routes().get(5).queue()).isNull();
        assertThat(config.routes().get(9).queue()).isNull();
        assertThat(config.routes().get(1).health()).isEqualTo(HealthConfig.DEFAULT);
        assertThat(config.routes().get(1).ejection()).isEqualTo(EjectionConfig.DEFAULT);
        assertThat(requireNonNull(config.routes().get(9).health()).tcp()).isTrue();
        assertThat(config.routes().get(9).ejection()).isNull();
        assertThat(requireNonNull(config.routes().get(10).health()).expect()).isEqualTo(new StatusRange(204, 204));
        assertThat(config.logging().level()).isEqualTo("DEBUG");
        assertThat(config.logging().destination())
                .isEqualTo(Path.of("logs/access.log").toAbsolutePath().toString());
    }

    @Test
    void readsTargetsOfEveryKindAndHowTheyAreKnown() {
        RouteConfig route = requireNonNull(
                        ValidConfigs.read(ValidConfigs.TARGETS).config())
                .routes()
                .get(0);

        assertThat(route.targets())
                .extracting(target -> target.url().toString())
                .containsExactly(
                        "https://a.example:443",
                        "h2://b.example:443",
                        "https://c.example:443",
                        "h2c://localhost:50051",
                        "unix:/run/app.sock",
                        "unix:/run/app.sock");
        assertThat(route.targets().get(0).tls()).isNull();
        assertThat(requireNonNull(route.targets().get(1).tls()).insecure()).isTrue();
        assertThat(requireNonNull(route.targets().get(2).tls()).pin()).hasSize(2);
        BackendTlsConfig tls = requireNonNull(route.tls());
        assertThat(tls.ca().get(0).getSubjectX500Principal().getName()).isEqualTo("CN=Test authority");
        assertThat(tls.pin()).hasSize(1);
        assertThat(tls.serverName()).isEqualTo("app.example");
        assertThat(requireNonNull(tls.identity()).chain()).hasSize(2);
    }

    @Test
    void readsTheObjectFormAsTheSameRoutes() {
        ReadResult result = ValidConfigs.read(ValidConfigs.OBJECT_FORM);

        List<RouteConfig> routes = requireNonNull(result.config()).routes();
        assertThat(routes)
                .extracting(RouteConfig::id)
                .containsExactly("api.local", "web", "shop.local-cart", "any.apps.local", "six");
        assertThat(routes.get(1).host()).isEmpty();
        assertThat(routes.get(1).path()).isEqualTo("/web");
        assertThat(routes.get(2).host()).containsExactly("shop.local");
        assertThat(routes.get(2).path()).isEqualTo("/cart");
        assertThat(routes.get(2).targets()).hasSize(3);
        assertThat(routes.get(3).loadBalancing()).isEqualTo(LoadBalancingConfig.of(LoadBalancing.RANDOM));
        assertThat(routes.get(4).host()).containsExactly("::1");
        assertThat(requireNonNull(result.config()).defaultRoute().target()).isNull();
    }

    @Test
    void writesRoutesOfTheObjectFormInTheListForm() {
        List<WrittenRoute> routes = ValidConfigs.read(ValidConfigs.OBJECT_FORM).routes();

        assertThat(routes)
                .extracting(WrittenRoute::pointer)
                .containsExactly(
                        "/routes/api.local",
                        "/routes/~1web",
                        "/routes/shop.local~1cart",
                        "/routes/*.apps.local",
                        "/routes/[::1]~1x");
        assertThat(routes)
                .extracting(route -> route.json().toString())
                .containsExactly(
                        "{\"id\":\"api.local\",\"host\":\"api.local\",\"target\":3001}",
                        "{\"id\":\"web\",\"path\":\"/web\",\"target\":\"http://localhost:8001\"}",
                        "{\"id\":\"shop.local-cart\",\"host\":\"shop.local\",\"path\":\"/cart\","
                                + "\"targets\":[9001,\"http://localhost:9002\",{\"url\":9003,\"weight\":2}]}",
                        "{\"id\":\"any.apps.local\",\"host\":\"*.apps.local\","
                                + "\"targets\":[3002,3003],\"loadBalancing\":\"random\"}",
                        "{\"id\":\"six\",\"host\":\"[::1]\",\"path\":\"/x\",\"target\":3004}");
    }

    @Test
    void readsPlaceholdersButWritesRoutesWithoutReadingThem() {
        ReadResult result = ValidConfigs.read(ValidConfigs.PLACEHOLDERS);

        PortwayConfig config = requireNonNull(result.config());
        assertThat(config.proxy().port()).isEqualTo(8080);
        assertThat(config.routes().get(0).host()).containsExactly("a3000.local");
        assertThat(config.routes().get(0).targets()).containsExactly(TargetConfig.of(TargetUrl.ofPort(3000)));
        assertThat(config.routes().get(1).metadata()).isEqualTo(Map.of("kept", "${PORT}"));
        assertThat(result.tree().at("/routes/1/target").textValue()).isEqualTo("http://localhost:3000/x");
        assertThat(result.routes().get(0).json().toString())
                .isEqualTo("{\"host\":\"a${PORT}.local\",\"target\":\"${PORT}\",\"enabled\":\"${FLAG}\"}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "${SET}, value",
                "a${SET}b${SET}, avaluebvalue",
                "${SET:-other}, value",
                "${UNSET:-other}, other",
                "${EMPTY:-other}, other",
                "${UNSET:-}, ``",
                "${EMPTY}, ``",
                "$SET, $SET",
                "$${SET}, ${SET}",
                "$${SET}${SET}, ${SET}value",
                "{client.ip}, {client.ip}"
            })
    void resolvesPlaceholdersAsAShellDoes(String written, String resolved) {
        Map<String, String> environment = Map.of("SET", "value", "EMPTY", "");
        String text = "{\"metrics\": {\"x\": \"" + written + "\"}}";

        ReadResult result = new ConfigReader(environment::get).read(text, ConfigFormat.JSON, Path.of("config.json"));

        assertThat(result.tree().at("/metrics/x").textValue()).isEqualTo(resolved);
    }

    @Test
    void passesDropwizardsOwnSectionsThrough() {
        ReadResult result = ValidConfigs.read(ValidConfigs.EVERYTHING);

        assertThat(result.tree().get("server").toString()).isEqualTo("{\"maxThreads\":64,\"adminMinThreads\":1}");
        assertThat(result.tree().at("/logging/loggers/dev.portway").textValue()).isEqualTo("DEBUG");
    }

    @Test
    void readsErrorPagesFromTheFoldersOfTheFile() throws IOException {
        Path page = Files.createDirectory(folder.resolve("pages")).resolve("502.html");
        Files.writeString(page, "<h1>sorry</h1>");

        PortwayConfig config = config(
                whole(
                        "[]",
                        "\"target\": null, \"errorPages\": {\"502\": \"pages/502.html\", \"5xx\": \"./pages/../pages/502.html\"}"));

        assertThat(config.defaultRoute().errorPages()).isEqualTo(Map.of("502", page, "5xx", page));
    }

    @Test
    void readsATokenFromAFile() throws IOException {
        Files.writeString(folder.resolve("token"), "s3cret\n");

        ReadResult result = read("""
                {"proxy": {"port": 8080, "admin": {"host": "0.0.0.0", "token": {"file": "token"}}},
                 "routes": [], "default": {"target": null}}
                """);

        assertThat(result.problems()).isEmpty();
        assertThat(requireNonNull(result.config()).proxy().admin().token()).isEqualTo("s3cret");
    }

    @Test
    void givesEqualRoutesEqualTagsHoweverTheyAreSpacedAndOrdered() {
        String one = etag("{\"host\": \"a\", \"target\": 3000}");
        String spaced = etag("{ \"target\" :3000,\n\"host\":\"a\"}");
        String other = etag("{\"host\": \"a\", \"target\": 3001}");

        assertThat(one).isEqualTo(spaced).isNotEqualTo(other).matches("\"[0-9a-f]{16}\"");
    }

    @Test
    void keepsTheRoutesThatParseWhenOthersDoNot() {
        ReadResult result = read(whole("[{\"target\": 3000}, {\"target\": 0}]", "\"target\": null"));

        assertThat(result.config()).isNull();
        assertThat(result.routes()).extracting(WrittenRoute::pointer).containsExactly("/routes/0");
    }

    @Test
    void putsTheCommandLineInPlaceOfTheFile() {
        ConfigReader reader = new ConfigReader(name -> null).overriding("127.0.0.1", 9000);

        ReadResult result = reader.read(LIST_FORM, ConfigFormat.JSON, Path.of("config.json"));
        ReadResult clash = reader.overriding(null, 8081).read(LIST_FORM, ConfigFormat.JSON, Path.of("config.json"));

        assertThat(requireNonNull(result.config()).proxy().host()).isEqualTo("127.0.0.1");
        assertThat(requireNonNull(result.config()).proxy().port()).isEqualTo(9000);
        assertThat(clash.errors()).extracting(Problem::pointer).containsExactly("/proxy/admin/port");
    }

    @Test
    void anEmptyAuthOfSecurityIsAcceptedButNotSilently() {
        ReadResult result = read(LIST_FORM);

        assertThat(requireNonNull(result.config()).routes())
                .allSatisfy(route -> assertThat(route.rules().auth()).isNull());
        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.pointer()).isEqualTo("/security/auth");
            assertThat(warning.message()).contains("asks nobody", "basic", "jwt", "or false");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "\n\t "})
    void toleratesAByteOrderMarkAndWhiteSpace(String before) {
        assertThat(read(before + LIST_FORM).errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"host\": \"a\" ; /proxy/port ; 80 ; 80 is below 1024",
                "\"admin\": {\"port\": 443} ; /proxy/admin/port ; 8080 ; 443 is below 1024",
                "\"admin\": {\"token\": \"abc\"} ; /proxy/admin/token ; 8080 ; a secret stands in the file itself",
                "\"trustedProxies\": [\"0.0.0.0/0\"] ; /proxy/trustedProxies/0 ; 8080 ; is everybody",
                "\"trustedProxies\": [\"10.1.0.0/8\"] ; /proxy/trustedProxies/0 ; 8080 ; read as 10.0.0.0/8"
            })
    void warnsOfWhatIsDoubtful(String members, String pointer, int port, String words) {
        ReadResult result = read("{\"proxy\": {\"port\": " + port + ", " + members
                + "}, \"routes\": [], \"default\": {\"target\": null}}");

        assertThat(result.config()).isNotNull();
        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.pointer()).isEqualTo(pointer);
            assertThat(warning.message()).contains(words).doesNotContain("abc");
            assertThat(warning.line()).isEqualTo(1);
            assertThat(warning.describe("f")).startsWith("f:1:").contains("  warning: " + pointer + ": ");
        });
    }

    private static HealthConfig check(String path, Duration interval, int fall) {
        return new HealthConfig(
                false,
                "GET",
                path,
                Map.of("Authorization", "x"),
                9000,
                new StatusRange(200, 299),
                "ok",
                interval,
                Duration.ofSeconds(2),
                2,
                fall);
    }

    private static TargetUrl url(String host, int port) {
        return new TargetUrl("http", host, port, "", null);
    }

    private String etag(String route) {
        return read(whole("[" + route + "]", "\"target\": null"))
                .routes()
                .get(0)
                .etag();
    }

    private static String whole(String routes, String defaults) {
        return "{\"proxy\": {\"port\": 8080}, \"routes\": " + routes + ", \"default\": {" + defaults + "}}";
    }

    private PortwayConfig config(String text) {
        ReadResult result = read(text);
        assertThat(result.problems()).isEmpty();
        return requireNonNull(result.config());
    }

    private ReadResult read(String text) {
        return new ConfigReader(name -> null).read(text, ConfigFormat.JSON, folder.resolve("config.json"));
    }
}
