package dev.portway.policy.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.CarelessOrigin;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import dev.portway.RawClient;
import dev.portway.RawHttp2;
import dev.portway.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways round whatever keeps people out of a route, to a backend that falls for each of them. */
class AuthBypassTest {

    private static final String WEB_SOCKET = """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;
    private static final int WAYS = 4; // to ask, beside HTTP/1.1
    private static final int ALL = -1;
    private static final Set<Trick.Kind> OF_PATHS = Set.of(Trick.Kind.PATH, Trick.Kind.TARGET_FIELD);
    private static final Set<Trick.Kind> OF_FILTERS =
            Set.of(Trick.Kind.PATH, Trick.Kind.TARGET_FIELD, Trick.Kind.METHOD);

    private static CarelessOrigin backend;
    private static Origin service;
    private static ProxyHarness asking; // for a password

    @BeforeAll
    static void start() {
        backend = new CarelessOrigin();
        service = Origin.answering(exchange -> exchange.write(
                exchange.request().all("X-Session").equals(List.of("right"))
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"));
        asking = guardedBy(auth("basic", ALL, Credentials.basic(), null));
    }

    @AfterAll
    static void stop() {
        asking.close();
        backend.close();
        service.close();
    }

    static Stream<Guard> guards() throws Exception {
        String jwtSecret = "0123456789abcdef0123456789abcdef";
        String token =
                Tokens.token(new SecretKeySpec(jwtSecret.getBytes(UTF_8), "HMAC"), "HS256", null, Tokens.claims());
        String filter = "\"filter\": { \"blockedPaths\": [\"%s\"], \"methods\": [\"GET\", \"HEAD\", \"POST\"] }";
        return Stream.of(
                auth("basic", ALL, Credentials.basic(), Credentials.right().strip()),
                auth(
                        "apiKey",
                        0,
                        "\"apiKey\": { \"header\": \"X-Api-Key\", \"keys\": { \"ci\": \""
                                + Credentials.hash(Credentials.KEY) + "\" } }",
                        "X-Api-Key: " + Credentials.KEY),
                auth("jwt", 1, "\"jwt\": { \"secret\": \"" + jwtSecret + "\" }", "Authorization: Bearer " + token),
                auth("forward", 2, "\"forward\": { \"url\": \"" + service.url() + "/check\" }", "X-Session: right"),
                auth("clientCertificate", 3, "\"clientCertificate\": { \"subjects\": [\"CN=Client\"] }", null),
                new Guard("clients.allow", 0, "\"clients\": { \"allow\": [\"10.0.0.0/8\"] }", null, null),
                new Guard("clients.deny", 1, "\"clients\": { \"deny\": [\"127.0.0.0/8\", \"::1\"] }", null, null),
                new Guard("filter", 2, filter.formatted("/"), filter.formatted("/admin"), null));
    }

    private static Guard auth(String name, int number, String way, @Nullable String right) {
        return new Guard(
                name, number, "\"auth\": { " + way + " }", "\"auth\": { " + way + ", \"paths\": [\"/admin\"] }", right);
    }

    @Test
    void theBackendAloneFallsForEachTrick() throws Exception {
        URI alone = URI.create(backend.url());
        List<Trick> all = new ArrayList<>(Trick.all());
        all.addAll(Trick.of(Credentials.right().strip()));
        for (Trick trick : all) {
            int before = backend.served();

            send(alone, trick.line(trick.target()), "localhost", trick, "");
            send(alone, trick.line("http://localhost" + trick.target()), "localhost", trick, WEB_SOCKET);

            assertThat(backend.served() - before).as(trick.toString()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("guards")
    void noTrickLeadsRoundIt(Guard guard) throws Exception {
        List<Trick> tricks = new ArrayList<>(Trick.all());
        if (guard.right() != null) {
            tricks.addAll(Trick.of(guard.right()));
        }
        if (!guard.asksWho()) {
            tricks.removeIf(trick -> trick.kind() == Trick.Kind.USER); // no header says who asks
            Stream.of("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")
                    .map(name -> name + (name.equals("Forwarded") ? ": for=10.0.0.1" : ": 10.0.0.1"))
                    .forEach(line -> tricks.add(new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin", List.of(line))));
        }
        try (ProxyHarness proxy = guardedBy(guard)) {
            int way = guard.number();
            for (Trick trick : tricks) {
                way = way == ALL ? ALL : way + 1;
                assertKept(proxy, trick, "localhost", way);
                if (guard.ofPart() != null && (guard.asksWho() ? OF_PATHS : OF_FILTERS).contains(trick.kind())) {
                    assertKept(proxy, trick, "part.test", way);
                }
            }
            assertNoTunnel(proxy);
            if (guard.right() != null) {
                int before = backend.served();
                Trick plain = new Trick(Trick.Kind.CREDENTIAL, "GET", "/admin", List.of(guard.right()));

                send(proxy.proxy(), "GET /admin", "localhost", plain, "");
                send(proxy.proxy(), "GET /admin", "localhost", plain, WEB_SOCKET);

                assertThat(backend.served() - before).as("for who is right").isEqualTo(2);
            }
        }
    }

    @Test
    void noTrickLeadsRoundAFilterForAll() throws Exception {
        try (ProxyHarness proxy = ProxyHarness.of("""
                { "proxy": { "port": 0, "admin": { "port": 0 } },
                  "routes": [ { "target": "%s" } ], "default": { "target": null },
                  "logging": { "level": "WARN", "access": false },
                  "security": { "filter": { "blockedPaths": ["/admin"], "methods": ["GET", "HEAD", "POST"] } } }
                """.formatted(backend.url()))) {
            for (Trick trick : Trick.all()) {
                if (OF_FILTERS.contains(trick.kind())) {
                    assertKept(proxy, trick, "localhost", ALL);
                }
            }
        }
    }

    /** By HTTP/1.1, and in one other way, or in all: each trick comes to each way by some guard. */
    private static void assertKept(ProxyHarness proxy, Trick trick, String host, int way) throws IOException {
        int before = backend.served();

        send(proxy.proxy(), trick.line(trick.target()), host, trick, "");
        boolean get = trick.method().equals("GET");
        if (way == ALL || way % WAYS == 0) {
            send(proxy.proxy(), trick.line("http://" + host + trick.target()), host, trick, "");
        }
        if (way == ALL || way % WAYS == 1) {
            http2(proxy, trick, host, false);
        }
        if (get && (way == ALL || way % WAYS == 2)) {
            send(proxy.proxy(), trick.line(trick.target()), host, trick, WEB_SOCKET);
        }
        if (get && (way == ALL || way % WAYS == 3)) {
            http2(proxy, trick, host, true);
        }

        assertThat(backend.served()).as(trick + " of " + host).isEqualTo(before);
    }

    private static void send(URI to, String line, String host, Trick trick, String more) throws IOException {
        String fields = trick.fields().stream().map(field -> field + "\r\n").collect(Collectors.joining());
        String length = trick.method().equals("POST") ? "Content-Length: 0\r\n" : "";
        try (RawClient client = RawClient.to(to)) {
            client.send(line + " HTTP/1.1\r\nHost: " + host + "\r\n" + length + fields + more + "\r\n")
                    .read(trick.method());
        }
    }

    private static void http2(ProxyHarness proxy, Trick trick, String host, boolean webSocket) throws IOException {
        List<String> fields = new ArrayList<>(
                List.of(":method", webSocket ? "CONNECT" : trick.method(), ":scheme", "http", ":authority", host));
        fields.addAll(List.of(":path", trick.target()));
        if (webSocket) {
            fields.addAll(List.of(":protocol", "websocket", "sec-websocket-version", "13"));
        }
        for (String field : trick.fields()) {
            int colon = field.indexOf(':');
            fields.add(field.substring(0, colon).toLowerCase(Locale.ROOT));
            fields.add(field.substring(colon + 1).strip());
        }
        int flags = RawHttp2.END_HEADERS | (webSocket ? 0 : RawHttp2.END_STREAM);
        exchange(proxy, flags, fields.toArray(String[]::new));
    }

    /** Sends a request, and waits for the end of whatever comes of it. */
    private static void exchange(ProxyHarness proxy, int flags, String... fields) throws IOException {
        try (RawHttp2 client = RawHttp2.connect(proxy.proxy())) {
            client.send(RawHttp2.PREFACE).frame(RawHttp2.SETTINGS, 0, 0);
            client.frame(RawHttp2.HEADERS, flags, 1, RawHttp2.block(fields));
            for (RawHttp2.Frame frame = client.read(); frame != null; frame = client.read()) {
                boolean last = frame.type() <= RawHttp2.HEADERS && (frame.flags() & RawHttp2.END_STREAM) != 0;
                if (last || frame.type() == RawHttp2.RST_STREAM || frame.type() == RawHttp2.GOAWAY) {
                    return;
                }
            }
        }
    }

    private static void assertNoTunnel(ProxyHarness proxy) throws IOException {
        int before = backend.served();
        for (String host : List.of("127.0.0.1", "localhost", "127.0.0.9", "[::ffff:127.0.0.1]")) {
            String place = host + ":" + backend.port();
            RawClient.Response tunnel = proxy.raw("CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n\r\n");
            RawClient.Response absolute =
                    proxy.raw("GET http://" + place + "/admin HTTP/1.1\r\nHost: " + place + "\r\n\r\n");

            assertThat(tunnel.status()).as(place).isEqualTo(403);
            assertThat(absolute.status()).as(place).isIn(401, 403);
            try (RawHttp2 client = RawHttp2.to(proxy.proxy())) {
                byte[] connect = RawHttp2.block(":method", "CONNECT", ":authority", place);
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, connect);
                MetaData.Response refused =
                        (MetaData.Response) client.await(RawHttp2.HEADERS).data();
                assertThat(refused.getStatus()).as(place).isEqualTo(403);
            }
        }
        assertThat(backend.served()).isEqualTo(before);
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
        int before = backend.served();
        String[] all = Stream.concat(
                        Stream.of(":method", "GET", ":scheme", "http", ":authority", "localhost"),
                        Arrays.stream(fields.split(" ", -1)))
                .toArray(String[]::new);

        exchange(asking, RawHttp2.END_STREAM | RawHttp2.END_HEADERS, all);

        assertThat(backend.served()).isEqualTo(before);
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
        try (RawClient client = asking.connect()) {
            int before = backend.served();

            client.send(request).send("GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            client.in().readAllBytes();

            assertThat(backend.served()).isEqualTo(before);
        }
    }

    @Test
    void letsAWebSocketInWhoseClientIsRight() throws Exception {
        try (Origin chat = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                    exchange.write(exchange.in().readNBytes(5));
                });
                ProxyHarness proxy = ProxyHarness.withRoutes("[{ \"target\": \"" + chat.url() + "\", \"auth\": { "
                        + Credentials.basic() + ", \"identity\": { \"X-Auth-User\": \"{auth.name}\" } } }]");
                RawClient client = proxy.connect()) {
            String ask = "GET /admin HTTP/1.1\r\nHost: localhost\r\nX-Auth-User: root\r\n" + WEB_SOCKET;
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
    private static ProxyHarness guardedBy(Guard guard) {
        String tls = ProxyHarness.tlsMembers();
        String part = guard.ofPart() == null
                ? ""
                : ", { \"id\": \"part\", \"host\": \"part.test\", \"target\": \"%s\", %s }"
                        .formatted(backend.url(), requireNonNull(guard.ofPart()));
        return ProxyHarness.with(
                "\"tunnel\": { \"enabled\": true, \"allow\": [\"127.0.0.0/8:*\", \"localhost:*\"] }, "
                        + tls.substring(0, tls.lastIndexOf('}')) + ", \"clientCertificates\": { \"ca\": \""
                        + TestCertificates.authority() + "\", \"required\": false } }",
                """
                [ { "id": "open", "target": "%1$s" },
                  { "id": "guarded", "path": "/admin", "target": "%1$s", %2$s },
                  { "id": "deleting", "methods": ["DELETE"], "target": "%1$s", %2$s },
                  { "id": "inside", "host": "admin.test", "target": "%1$s", %2$s }%3$s ]
                """.formatted(backend.url(), guard.rule(), part));
    }

    /**
     * What keeps people out.
     *
     * @param number which decides in which way a trick is tried
     * @param rule of a route, to keep it whole
     * @param ofPart the same, to keep what is below /admin of it; null where it cannot
     * @param right a field of who is let in; null where nobody is
     */
    private record Guard(
            String name,
            int number,
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
