package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portway.CarelessOrigin;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import dev.portway.TestCertificates;
import dev.portway.policy.auth.Way.Ask;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways round whatever keeps people out of a route, to a backend that falls for each of them. */
class AuthBypassTest {

    private static final String ELSEWHERE = "127.0.0.2";
    private static final String TOKENS = "0123456789abcdef0123456789abcdef";
    private static final List<String> ADDRESSES = Stream.of(
                    "X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")
            .map(name -> name + (name.equals("Forwarded") ? ": for=10.0.0.1" : ": 10.0.0.1"))
            .toList();
    private static final Set<Trick.Kind> OF_PATHS = Set.of(Trick.Kind.PATH, Trick.Kind.TARGET_FIELD);
    private static final Set<Trick.Kind> OF_FILTERS =
            Set.of(Trick.Kind.PATH, Trick.Kind.TARGET_FIELD, Trick.Kind.METHOD);

    private static CarelessOrigin backend;
    private static Origin elsewhere;
    private static Origin service;
    private static String basic;
    private static ProxyHarness proxy; // one for all, whose file says something else each time

    @BeforeAll
    static void start() {
        backend = new CarelessOrigin();
        elsewhere = Origin.on(ELSEWHERE, exchange -> {
            exchange.readBody();
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        service = Origin.answering(exchange -> exchange.write(
                exchange.request().all("X-Session").equals(List.of("right"))
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"));
        basic = Credentials.basic();
        proxy = ProxyHarness.of(file("[]", ""));
    }

    @AfterAll
    static void stop() {
        proxy.close();
        backend.close();
        elsewhere.close();
        service.close();
    }

    static Stream<Guard> guards() throws Exception {
        String token = Tokens.token(new SecretKeySpec(TOKENS.getBytes(UTF_8), "HMAC"), "HS256", null, Tokens.claims());
        String filter = "\"filter\": { \"blockedPaths\": [\"%s\"], \"methods\": [\"GET\", \"HEAD\", \"POST\"] }";
        return Stream.of(
                auth("basic", basic, Credentials.right().strip()),
                auth(
                        "apiKey",
                        "\"apiKey\": { \"header\": \"X-Api-Key\", \"keys\": { \"ci\": \""
                                + Credentials.hash(Credentials.KEY) + "\" } }",
                        "X-Api-Key: " + Credentials.KEY),
                auth("jwt", "\"jwt\": { \"secret\": \"" + TOKENS + "\" }", "Authorization: Bearer " + token),
                auth("forward", "\"forward\": { \"url\": \"" + service.url() + "/check\" }", "X-Session: right"),
                auth("clientCertificate", "\"clientCertificate\": { \"subjects\": [\"CN=Client\"] }", null),
                new Guard("clients.allow", "\"clients\": { \"allow\": [\"10.0.0.0/8\"] }", null, null),
                new Guard("clients.deny", "\"clients\": { \"deny\": [\"127.0.0.0/8\", \"::1\"] }", null, null),
                new Guard("filter", filter.formatted("/"), filter.formatted("/admin"), null));
    }

    private static Guard auth(String name, String way, @Nullable String right) {
        return new Guard(
                name, "\"auth\": { " + way + " }", "\"auth\": { " + way + ", \"paths\": [\"/admin\"] }", right);
    }

    @Test
    void theBackendAloneFallsForEachTrick() throws Exception {
        URI alone = URI.create(backend.url());
        List<Trick> all = new ArrayList<>(Trick.all());
        all.addAll(Trick.of(Credentials.right().strip()));
        for (Trick trick : all) {
            Way.HTTP_1_1.ask(alone, List.of(new Ask(trick, "localhost")));
            Way.ABSOLUTE_FORM.ask(alone, List.of(new Ask(trick, "localhost")));

            assertThat(backend.served()).as(trick.toString()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("guards")
    void noTrickLeadsRoundIt(Guard guard) throws Exception {
        List<Ask> asks = new ArrayList<>();
        for (Trick trick : tricks(guard)) {
            asks.add(new Ask(trick, "localhost"));
            if (guard.ofPart() != null && (guard.asksWho() ? OF_PATHS : OF_FILTERS).contains(trick.kind())) {
                asks.add(new Ask(trick, "part.test"));
            }
        }
        guardedBy(guard);
        for (Way way : Way.values()) {
            way.ask(proxy.proxy(), asks);

            assertThat(backend.served()).as(way.toString()).isEmpty();
        }
        if (guard.right() != null) {
            Trick plain = new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin", List.of(guard.right()));
            for (Way way : Way.values()) {
                way.ask(proxy.proxy(), List.of(new Ask(plain, "localhost")));

                assertThat(backend.served()).as("for who is right, by " + way).hasSize(1);
            }
        }
    }

    private static List<Trick> tricks(Guard guard) {
        List<Trick> tricks = new ArrayList<>(Trick.all());
        if (guard.right() != null) {
            tricks.addAll(Trick.of(guard.right()));
        }
        if (!guard.asksWho()) {
            tricks.removeIf(trick -> trick.kind() == Trick.Kind.USER); // no header says who asks
            ADDRESSES.forEach(line -> tricks.add(new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin", List.of(line))));
        }
        return tricks;
    }

    /** By the port for TLS somebody may have shown a certificate; here nobody has. */
    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void noTrickStandsForACertificate(Way way) throws Exception {
        guardedBy(guards().filter(guard -> guard.name().equals("clientCertificate"))
                .findFirst()
                .orElseThrow());
        List<Ask> asks = new ArrayList<>();
        for (String name :
                List.of("X-SSL-Client-Cert", "X-Client-Cert", "Client-Cert", "X-SSL-Client-S-DN", "SSL_CLIENT_S_DN")) {
            asks.add(new Ask(
                    new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin", List.of(name + ": CN=Client")), "localhost"));
        }
        Trick.all().forEach(trick -> asks.add(new Ask(trick, "localhost")));

        way.ask(proxy.tls(), asks);

        assertThat(backend.served()).isEmpty();
    }

    @Test
    void severalKeysInAQueryAreNone() throws Exception {
        String key = Credentials.KEY;
        Guard guard = auth(
                "query",
                "\"apiKey\": { \"header\": \"X-Api-Key\", \"query\": \"key\", \"keys\": { \"ci\": \""
                        + Credentials.hash(key) + "\" } }",
                null);
        guardedBy(guard);
        List<Ask> several = new ArrayList<>();
        for (String query : List.of(
                "key=" + key + "&key=other",
                "key=other&key=" + key,
                "key=" + key + "&key=" + key,
                "key=" + key + "&%6bey=other",
                "k%65y=other&key=" + key,
                "key=" + key + "&key",
                "key=&key=" + key,
                "a=b&key=" + key + "&c=d&key=" + key + "&e",
                "key=" + key + "%26key=" + key,
                "key=" + key + ";key=" + key,
                "KEY=" + key,
                "key[]=" + key)) {
            several.add(new Ask(new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin?" + query, List.of()), "localhost"));
        }
        several.add(new Ask(
                new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin?key=" + key, List.of("X-Api-Key: " + key)),
                "localhost"));
        Ask one = new Ask(new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin?a=b&key=" + key, List.of()), "localhost");
        for (Way way : Way.values()) {
            way.ask(proxy.proxy(), several);

            assertThat(backend.served()).as(way.toString()).isEmpty();

            way.ask(proxy.proxy(), List.of(one));

            assertThat(backend.served())
                    .as(way.toString())
                    .singleElement()
                    .satisfies(got -> assertThat(got.target()).isEqualTo("/admin?a=b"));
        }
    }

    @Test
    void noTrickLeadsRoundAFilterForAll() throws Exception {
        proxyWith(
                "[ { \"target\": \"" + backend.url() + "\" } ]",
                "\"filter\": { \"blockedPaths\": [\"/admin\"], \"methods\": [\"GET\", \"HEAD\", \"POST\"] }");
        List<Ask> asks = Trick.all().stream()
                .filter(trick -> OF_FILTERS.contains(trick.kind()))
                .map(trick -> new Ask(trick, "localhost"))
                .toList();
        for (Way way : Way.values()) {
            way.ask(proxy.proxy(), asks);

            assertThat(backend.served()).as(way.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("guards")
    void noTunnelLeadsRoundIt(Guard guard) throws Exception {
        guardedBy(guard);
        for (String host : List.of("127.0.0.1", "localhost", "127.0.0.9", "[::ffff:127.0.0.1]")) {
            String place = host + ":" + backend.port();
            for (String right : guard.right() == null ? List.of("") : List.of("", guard.right() + "\r\n")) {
                assertThat(connect(place, right)).as(place + " " + right).isEqualTo(403);
            }
            assertThat(connectByHttp2(place)).as(place).isEqualTo(403);
            assertThat(absolute(place, "")).as(place).isIn(401, 403);
        }
        assertThat(backend.served()).isEmpty();
    }

    /** As a rule for all it holds for requests for other hosts, which have no route. */
    @ParameterizedTest
    @MethodSource("guards")
    void noOtherHostIsReachedRoundIt(Guard guard) throws Exception {
        proxyWith("[]", guard.rule());
        String place = ELSEWHERE + ":" + elsewhere.port();
        int before = elsewhere.accepted();
        List<String> lines = new ArrayList<>(List.of("", "X-HTTP-Method-Override: GET\r\n"));
        if (!guard.asksWho()) {
            ADDRESSES.forEach(line -> lines.add(line + "\r\n"));
        }
        if (guard.right() != null && guard.right().startsWith("Authorization")) {
            lines.add(guard.right() + "\r\n"); // is the other host's, and none of the proxy's
        }
        for (String line : lines) {
            assertThat(connect(place, line)).as(line).isIn(403, 405, 407);
            assertThat(absolute(place, line)).as(line).isIn(403, 405, 407);
        }
        assertThat(connectByHttp2(place)).isIn(403, 405, 407);
        assertThat(elsewhere.accepted()).isEqualTo(before);

        if (guard.right() != null) {
            String right = guard.right().replaceFirst("^Authorization", "Proxy-Authorization") + "\r\n";
            assertThat(connect(place, right)).isEqualTo(200);
            assertThat(absolute(place, right)).isEqualTo(200);
            await().until(() -> elsewhere.accepted() > before); // counted by its own thread
        }
    }

    private static int connect(String place, String fields) throws IOException {
        try (RawClient client = proxy.connect()) {
            return client.send("CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n" + fields + "\r\n")
                    .readHead()
                    .status();
        }
    }

    private static int absolute(String place, String fields) throws IOException {
        return proxy.raw("GET http://" + place + "/admin HTTP/1.1\r\nHost: " + place + "\r\n" + fields + "\r\n")
                .status();
    }

    private static int connectByHttp2(String place) throws IOException {
        try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
            byte[] connect = RawHttp2.block(":method", "CONNECT", ":authority", place);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, connect);
            return ((MetaData.Response) client.await(RawHttp2.HEADERS).data()).getStatus();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":path /open x-original-url /admin",
                ":path /admin :path /open",
                ":path /open :path /admin",
                ":path admin",
                ":path /open :authority admin.test",
                ":path /open host admin.test",
                ":path /open :method DELETE",
                "x-a b :path /admin",
                ":path http://localhost/admin",
                ":path /open :protocol /admin",
                ":path /open :Path /admin"
            })
    void noPseudoFieldLeadsRoundIt(String fields) throws Exception {
        guardedBy(auth("basic", basic, null));
        String[] all = Stream.concat(
                        Stream.of(":method", "GET", ":scheme", "http", ":authority", "localhost"),
                        Arrays.stream(fields.split(" ", -1)))
                .toArray(String[]::new);
        try (RawHttp2 client = RawHttp2.connect(proxy.proxy())) {
            client.send(RawHttp2.PREFACE).frame(RawHttp2.SETTINGS, 0, 0);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, 1, RawHttp2.block(all));
            Way.ended(client, 1);
        }

        assertThat(backend.served()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\nHost: localhost\r\nHost: admin.test\r\n\r\n",
                "GET http://localhost/open HTTP/1.1\r\nHost: admin.test\r\n\r\n",
                "GET http://localhost@admin.test/open HTTP/1.1\r\nHost: admin.test\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: localhost, admin.test\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: ADMIN.test.\r\nHost: localhost\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: localhost\r\nhost : admin.test\r\n\r\n",
                "GET admin HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: localhost\r\n X-Original-URL: /admin\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: localhost\r\nContent-Length: 35\r\n\r\nGET /admin HTTP/1.1\r\nHost: a.test\r\n\r\n",
                "GET  /admin HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "get /admin HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "DELETE\t/open HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /admin HTTP/1.0\r\n\r\n",
                "GET /admin\r\n\r\n"
            })
    void noOddHeadLeadsRoundIt(String request) throws Exception {
        guardedBy(auth("basic", basic, null));
        try (RawClient client = proxy.connect()) {
            client.send(request).send("GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            client.in().readAllBytes();

            assertThat(backend.served()).isEmpty();
        }
    }

    @Test
    void letsAWebSocketInWhoseClientIsRight() throws Exception {
        try (Origin chat = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                    exchange.write(exchange.in().readNBytes(5));
                });
                RawClient client = proxy.connect()) {
            proxyWith(
                    "[{ \"target\": \"" + chat.url() + "\", \"auth\": { " + basic
                            + ", \"identity\": { \"X-Auth-User\": \"{auth.name}\" } } }]",
                    "");
            String ask = "GET /admin HTTP/1.1\r\nHost: localhost\r\nX-Auth-User: root\r\n" + Way.UPGRADE;
            assertThat(proxy.raw(ask + "\r\n").status()).isEqualTo(401);
            assertThat(chat.untaken()).isEmpty();

            assertThat(client.send(ask + Credentials.right() + "\r\n")
                            .readHead()
                            .status())
                    .isEqualTo(101);
            client.send("hello");

            assertThat(client.in().readNBytes(5)).asString(ISO_8859_1).isEqualTo("hello");
            Origin.Received asked = chat.take();
            assertThat(asked.all("X-Auth-User")).containsExactly(Credentials.USER);
            assertThat(asked.field("Authorization")).isNull();
        }
    }

    /** An open route, and those beside it that {@code guard} keeps: of a path, a method, a host, and of a part of another. */
    private static void guardedBy(Guard guard) throws Exception {
        String part = guard.ofPart() == null
                ? ""
                : ", { \"id\": \"part\", \"host\": \"part.test\", \"target\": \"%s\", %s }"
                        .formatted(backend.url(), requireNonNull(guard.ofPart()));
        proxyWith("""
                [ { "id": "open", "target": "%1$s" },
                  { "id": "guarded", "path": "/admin", "target": "%1$s", %2$s },
                  { "id": "deleting", "methods": ["DELETE"], "target": "%1$s", %2$s },
                  { "id": "inside", "host": "admin.test", "target": "%1$s", %2$s }%3$s ]
                """.formatted(backend.url(), guard.rule(), part), "");
    }

    private static void proxyWith(String routes, String security) throws Exception {
        String next = file(routes, security);
        if (!next.equals(Files.readString(proxy.file()))) {
            Files.writeString(proxy.file(), next);
            HttpResponse<String> reloaded = proxy.admin("POST", "/reload", null);
            assertThat(reloaded.statusCode()).as(reloaded.body()).isEqualTo(200);
        }
    }

    private static String file(String routes, String security) {
        String tls = ProxyHarness.tlsMembers();
        return """
                { "proxy": { "port": 0, "admin": { "port": 0 },
                    "tunnel": { "enabled": true, "allow": ["127.0.0.0/8:*", "localhost:*"] },
                    %s, "clientCertificates": { "ca": "%s", "required": false } } },
                  "routes": %s, "default": { "target": null }, "security": { %s },
                  "logging": { "level": "WARN", "access": false } }
                """.formatted(tls.substring(0, tls.lastIndexOf('}')), TestCertificates.authority(), routes, security);
    }

    /**
     * What keeps people out.
     *
     * @param rule of a route, to keep it whole
     * @param ofPart the same, to keep what is below /admin of it; null where it cannot
     * @param right a field of who is let in; null where nobody is
     */
    private record Guard(
            String name,
            String rule,
            @Nullable String ofPart,
            @Nullable String right) {

        boolean asksWho() {
            return rule.startsWith("\"auth\"");
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
