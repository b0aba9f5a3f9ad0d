package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.DropwizardTestSupport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

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
