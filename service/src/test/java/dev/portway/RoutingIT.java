package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which backend a request comes to, through the whole proxy, and that an edit disturbs nobody. */
final class RoutingIT {

    private static final Map<String, Origin> ORIGINS = new LinkedHashMap<>();

    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        String routes = """
                [ { "id": "any", "target": "@any" },
                  { "id": "shop", "host": "shop.local", "target": "@shop" },
                  { "id": "cart", "host": "shop.local", "path": "/cart", "target": "@cart" },
                  { "id": "cart-write", "host": "shop.local", "path": "/cart", "methods": ["POST", "PUT"],
                    "target": "@cart-write" },
                  { "id": "cart-beta", "host": "shop.local", "path": "/cart", "methods": ["POST"],
                    "headers": { "X-Beta": "*" }, "target": "@cart-beta" },
                  { "id": "wild", "host": "*.shop.local", "target": "@wild" },
                  { "id": "wilder", "host": "*.eu.shop.local", "target": "@wilder" },
                  { "id": "only-v1", "host": "api.local", "path": "/v1", "target": "@only-v1" },
                  { "id": "path", "path": "/static", "target": "@path" },
                  { "id": "off", "host": "off.local", "enabled": false, "target": "@off" },
                  { "id": "v6", "host": "::1", "target": "@v6" },
                  { "id": "idn", "host": "bücher.local", "target": "@idn" } ]
                """;
        for (String id : new String[] {
            "any", "shop", "cart-write", "cart-beta", "cart", "wilder", "wild", "only-v1", "path", "off", "v6", "idn"
        }) {
            Origin origin = Origin.replying(200, id);
            ORIGINS.put(id, origin);
            routes = routes.replace("\"@" + id + "\"", '"' + origin.url() + '"');
        }
        proxy = ProxyHarness.withRoutes(routes);
    }

    @AfterAll
    static void stop() {
        proxy.close();
        ORIGINS.values().forEach(Origin::close);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, shop.local, /, , shop",
        "GET, SHOP.Local:8080, /x, , shop",
        "GET, shop.local., /x, , shop",
        "GET, shop.local, /cart, , cart",
        "GET, shop.local, /cart/1, , cart",
        "GET, shop.local, /cart?x=1, , cart",
        "GET, shop.local, /carts, , shop",
        "GET, shop.local, /Cart, , shop",
        "GET, shop.local, /x/../cart, , cart",
        "GET, shop.local, /x/%2e%2e/%63art, , cart",
        "GET, shop.local, /cart%2F1, , shop",
        "GET, shop.local, //cart, , shop",
        "POST, shop.local, /cart, , cart-write",
        "PUT, shop.local, /cart/1, X-Beta: 1, cart-write",
        "POST, shop.local, /cart, X-Beta: 1, cart-beta",
        "GET, shop.local, /cart, X-Beta: 1, cart",
        "GET, a.shop.local, /, , wild",
        "GET, a.b.shop.local, /static, , wild",
        "GET, de.eu.shop.local, /, , wilder",
        "GET, api.local, /v1/x, , only-v1",
        "GET, api.local, /v2, , any",
        "GET, api.local, /static/a.css, , path",
        "GET, other, /static, , path",
        "GET, other, /statics, , any",
        "GET, off.local, /, , any",
        "GET, [::1]:8080, /, , v6",
        "GET, [0:0::1], /, , v6",
        "GET, xn--bcher-kva.local, /, , idn",
        "GET, shop.local.evil, /, , any",
        "OPTIONS, shop.local, *, , shop",
    })
    void goesToTheMostSpecificRoute(String method, String host, String target, String field, String route)
            throws IOException {
        RawClient.Response response = proxy.raw(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + (field == null ? "" : field + "\r\n") + "\r\n");

        assertThat(response.text()).isEqualTo(route);
    }

    @Test
    void goesByTheHostOfTheAbsoluteForm() throws IOException {
        assertThat(proxy.raw("GET http://shop.local/cart/1 HTTP/1.1\r\nHost: shop.local\r\n\r\n")
                        .text())
                .isEqualTo("cart");
    }

    @Test
    void takesARequestWithoutHostForAnyHost() throws IOException {
        assertThat(proxy.raw("GET /static HTTP/1.0\r\n\r\n").text()).isEqualTo("path");
    }

    @Nested
    final class WhenTheFileChanges {

        @Test
        void finishesWhatIsUnderWayOnItsOldRoute() throws Exception { // behaviour 95
            Semaphore next = new Semaphore(0);
            try (Origin old = Origin.answering(exchange -> {
                        exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                        for (int i = 1; i <= 3; i++) {
                            exchange.write("event " + i);
                            Held.until(next);
                        }
                        exchange.socket().close();
                    });
                    Origin fresh = Origin.replying(200, "fresh");
                    ProxyHarness changing = ProxyHarness.routing("/", old);
                    RawClient stream = changing.connect()) {
                InputStream body = stream.body(
                        stream.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readHead());
                assertThat(text(body)).isEqualTo("event 1");

                String config = Files.readString(changing.file());
                Files.writeString(changing.file(), config.replace(old.url(), fresh.url()));
                assertThat(changing.admin("POST", "/reload", null).statusCode()).isEqualTo(200);

                assertThat(changing.get("/").body()).isEqualTo("fresh");
                next.release();
                assertThat(text(body)).isEqualTo("event 2");
                next.release();
                assertThat(text(body)).isEqualTo("event 3");
                next.release();
                assertThat(body.read()).isEqualTo(-1);
            }
        }

        @Test
        void failsNoRequest() throws Exception { // behaviour 95
            try (Origin one = Origin.replying(200, "one");
                    Origin two = Origin.replying(200, "two");
                    ProxyHarness changing = ProxyHarness.routing("/", one)) {
                Semaphore stop = new Semaphore(0);
                Background requests = Background.run(() -> {
                    try (RawClient client = changing.connect()) {
                        while (!stop.tryAcquire()) {
                            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                                    .read();
                            assertThat(response.status()).isEqualTo(200);
                        }
                    }
                });

                String config = Files.readString(changing.file());
                for (int i = 0; i < 10; i++) {
                    Files.writeString(changing.file(), i % 2 == 0 ? config.replace(one.url(), two.url()) : config);
                    assertThat(changing.admin("POST", "/reload", null).statusCode())
                            .isEqualTo(200);
                    assertThat(changing.get("/").body()).isEqualTo(i % 2 == 0 ? "two" : "one");
                }
                stop.release();
                requests.join();
            }
        }
    }

    private static String text(InputStream body) throws IOException {
        return new String(body.readNBytes(7), StandardCharsets.US_ASCII);
    }
}
