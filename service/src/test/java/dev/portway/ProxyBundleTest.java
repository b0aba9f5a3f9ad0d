package dev.portway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with a proxy in it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyBundleTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Origin origin = Origin.replying(200, "from the backend");
    private final DropwizardTestSupport<ShopConfiguration> shop =
            new DropwizardTestSupport<>(ShopApplication.class, new ShopConfiguration(origin.url()));

    public static final class ShopConfiguration extends Configuration {

        private final String backend;

        ShopConfiguration(String backend) {
            this.backend = backend;
        }

        String backend() {
            return backend;
        }
    }

    public static final class ShopApplication extends Application<ShopConfiguration> {

        @Override
        public void initialize(Bootstrap<ShopConfiguration> bootstrap) {
            bootstrap.addBundle(new ProxyBundle<>(
                    configuration -> Portway.builder().port(0).admin(0).defaultTarget(configuration.backend())));
        }

        @Override
        public void run(ShopConfiguration configuration, Environment environment) {
            environment.jersey().register(new Orders());
        }
    }

    @Path("/orders")
    public static final class Orders {

        @GET
        @Path("/{id}")
        public String order(@PathParam("id") String id) {
            return "order " + id;
        }

        @POST
        public String place(String body) {
            return "placed " + body;
        }

        @GET
        @Path("/latest")
        public void latest(@Context ResourceCall call) {
            String query = "{\"sort\": \"-created\", \"limit\": 1}";
            call.forward(forwarder -> forwarder
                    .method("POST")
                    .body(query)
                    .addHeaders(Map.of("Content-Type", "application/json"))
                    .forwardQuery(false));
        }

        @PUT
        @Path("/{id}")
        public Response change(@PathParam("id") String id, String body, @Context ResourceCall call) {
            if (body.startsWith("no")) {
                return Response.status(422).entity("none").build();
            }
            call.forward(forwarder -> forwarder.addHeaders(Map.of("X-Order", id)));
            return Response.status(418)
                    .header("X-Dropped", "1")
                    .entity("dropped")
                    .build();
        }

        @GET
        @Path("/{id}/twice")
        public String twice(@Context ResourceCall call) {
            call.forward(forwarder -> forwarder.method("POST"));
            try {
                call.forward(forwarder -> forwarder.method("PUT"));
                return "not seen";
            } catch (IllegalStateException once) {
                return "not seen either";
            }
        }

        @GET
        @Path("/{id}/late")
        public void late(@Context ResourceCall call, @Suspended AsyncResponse later) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
                call.forward(forwarder -> forwarder.forwardQuery(false));
                later.resume("dropped");
            });
        }

        @GET
        @Path("/{id}/wrong")
        public void wrong(@Context ResourceCall call) {
            call.forward(forwarder -> forwarder.method("no method"));
        }

        @GET
        @Path("/{id}/begun")
        public StreamingOutput begun(@Context ResourceCall call) {
            return out -> {
                out.write(new byte[100_000]);
                try {
                    call.forward(forwarder -> {});
                } catch (IllegalStateException tooLate) {
                    out.write("and too late".getBytes(UTF_8));
                }
            };
        }
    }

    @BeforeAll
    void start() throws Exception {
        shop.before();
    }

    @AfterAll
    void stop() {
        shop.after();
        origin.close();
    }

    @Test
    void itsOwnResourcesAnswerOnTheProxysPort() throws Exception {
        assertThat(get("/orders/7").body()).isEqualTo("order 7");
        assertThat(send(HttpRequest.newBuilder(at("/orders")).POST(HttpRequest.BodyPublishers.ofString("it")))
                        .body())
                .isEqualTo("placed it");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResourceHasACallForwardedWithWhatItChanges(boolean http2) throws Exception {
        origin.forget();

        assertThat(exchange(http2, "GET", "/orders/latest?mine", "")).isEqualTo("200 from the backend");

        Origin.Received received = origin.take();
        assertThat(received.requestLine()).isEqualTo("POST /orders/latest HTTP/1.1");
        assertThat(received.bodyText()).isEqualTo("{\"sort\": \"-created\", \"limit\": 1}");
        assertThat(received.field("Content-Type")).isEqualTo("application/json");
        assertThat(received.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatTheResourceHasReadIsForwardedAndItsOwnAnswerDropped(boolean http2) throws Exception {
        origin.forget();
        String body = "an order ".repeat(20_000);

        assertThat(exchange(http2, "PUT", "/orders/7?a=b", body)).isEqualTo("200 from the backend");

        Origin.Received received = origin.take();
        assertThat(received.requestLine()).isEqualTo("PUT /orders/7?a=b HTTP/1.1");
        assertThat(received.field("X-Order")).isEqualTo("7");
        assertThat(received.bodyText()).isEqualTo(body);
        assertThat(exchange(http2, "PUT", "/orders/7", "no order")).isEqualTo("422 none");
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void nothingOfTheDroppedAnswerIsSent() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(at("/orders/7")).PUT(HttpRequest.BodyPublishers.ofString("it")));

        assertThat(answer.headers().map()).doesNotContainKey("x-dropped");
        assertThat(answer.headers().allValues("Date")).hasSize(1);
        assertThat(answer.headers().allValues("Content-Length")).containsExactly("16");
    }

    @Test
    void aCallIsForwardedOnceAndNotOnceItsAnswerHasBegun() throws Exception {
        origin.forget();

        assertThat(get("/orders/7/twice").body()).isEqualTo("from the backend");
        assertThat(origin.take().method()).isEqualTo("POST");
        assertThat(get("/orders/7/late?q").body()).isEqualTo("from the backend");
        assertThat(origin.take().target()).isEqualTo("/orders/7/late");
        assertThat(get("/orders/7/begun").body()).endsWith("and too late");
        assertThat(get("/orders/7/wrong").statusCode()).isEqualTo(500);
        assertThat(origin.untaken()).isEmpty();
    }

    @Test
    void everythingElseIsProxied() throws Exception {
        assertThat(get("/").body()).isEqualTo("from the backend");
        assertThat(get("/orders/7/lines").body()).isEqualTo("from the backend");
        assertThat(get("/orderstoo").body()).isEqualTo("from the backend");
    }

    @Test
    void itsResourcesAnswerManyAtOnceOnKeptConnections() {
        List<CompletableFuture<String>> answers = IntStream.range(0, 300)
                .mapToObj(i -> CLIENT.sendAsync(
                                HttpRequest.newBuilder(at(i % 3 == 0 ? "/other" : "/orders/" + i))
                                        .build(),
                                BodyHandlers.ofString())
                        .thenApply(HttpResponse::body))
                .toList();

        assertThat(IntStream.range(0, 300)
                        .filter(i -> !answers.get(i).join().equals(i % 3 == 0 ? "from the backend" : "order " + i)))
                .isEmpty();
    }

    @Test
    void itsAdminSideSteersTheProxy() throws Exception {
        int port = shop.getAdminPort();
        HttpResponse<String> status = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/status")));

        assertThat(status.statusCode()).isEqualTo(200);
    }

    private String exchange(boolean http2, String method, String path, String body) throws Exception {
        if (!http2) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(at(path))
                    .version(HttpClient.Version.HTTP_1_1)
                    .method(method, HttpRequest.BodyPublishers.ofString(body)));
            return answer.statusCode() + " " + answer.body();
        }
        try (Http2Client client = Http2Client.to(at("/"))) {
            ContentResponse answer = client.request(path)
                    .method(method)
                    .body(new StringRequestContent("text/plain", body))
                    .send();
            return answer.getStatus() + " " + answer.getContentAsString();
        }
    }

    private URI at(String path) {
        return URI.create("http://localhost:" + shop.getLocalPort() + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
