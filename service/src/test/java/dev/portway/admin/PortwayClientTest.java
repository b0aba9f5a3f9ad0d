package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portway.api.Route;
import dev.portway.client.Backends;
import dev.portway.client.ConflictException;
import dev.portway.client.InvalidException;
import dev.portway.client.NotFoundException;
import dev.portway.client.PortwayClient;
import dev.portway.client.PortwayException;
import dev.portway.client.PreconditionFailedException;
import dev.portway.client.Tagged;
import dev.portway.client.UnauthorizedException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The client library and a real admin side understand each other. */
class PortwayClientTest {

    private static final String TWO = "[{\"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000},"
            + " {\"id\": \"api\", \"host\": [\"api.localhost\", \"api.local\"], \"path\": \"/v1\", \"targets\": [3001,"
            + " {\"url\": \"http://127.0.0.1:3002\", \"weight\": 2}], \"metadata\": {\"owner\": \"team-a\"}}]";

    @Test
    void listsTheRoutesAsTheFileHasThem() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            List<Route> routes = client.routes().list();

            assertThat(routes).extracting(Route::id).containsExactly("web", "api");
            Route api = routes.get(1);
            assertThat(api.hosts()).containsExactly("api.localhost", "api.local");
            assertThat(api.path()).contains("/v1");
            assertThat(api.targets()).containsExactly("http://localhost:3001", "http://127.0.0.1:3002");
            assertThat(api.metadata()).isEqualTo(Map.of("owner", "team-a"));
            assertThat(api.source()).isEqualTo("file");
            assertThat(api.status()).isEqualTo("unknown");
            assertThat(client.routes().listAsync().get()).isEqualTo(routes);
        }
    }

    @Test
    void addsReplacesAndRemovesARoute() throws Exception {
        try (var admin = AdminHarness.routing("[]");
                var client = client(admin)) {
            Route added = client.routes()
                    .add(Route.builder().host("api.local").target(3001).build());
            Route put = client.routes().put(added.toBuilder().target(3002).build());
            Route patched = client.routes().patch("api.local", Map.of("enabled", false));
            client.routes().delete("api.local");

            assertThat(added.id()).isEqualTo("api.local");
            assertThat(put.targets()).containsExactly("http://localhost:3002");
            assertThat(patched.enabled()).isFalse();
            assertThat(client.routes().list()).isEmpty();
            assertThat(client.routes().find("api.local")).isEmpty();
            assertThat(client.routes().findAsync("api.local").get()).isEmpty();
        }
    }

    @Test
    void addsSeveralRoutesOrNone() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            Route fresh =
                    Route.builder().id("shop").host("shop.local").target(9001).build();
            Route taken = Route.builder().id("web").host("x.local").target(9002).build();

            assertThatThrownBy(() -> client.routes().add(List.of(fresh, taken))).isInstanceOf(ConflictException.class);
            assertThat(client.routes().find("shop")).isEmpty();
            assertThat(client.routes().add(List.of(fresh)))
                    .extracting(Route::id)
                    .containsExactly("shop");
        }
    }

    @Test
    void keepsEveryKeyThatAnUpdateDoesNotTouch() throws Exception {
        String written = "[{\"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000,"
                + " \"metadata\": {\"z\": 1.50, \"big\": 12345678901234567890, \"a\": null}}]";
        try (var admin = AdminHarness.routing(written);
                var client = client(admin)) {
            client.routes().update("web", route -> route.toBuilder().path("/v2").build());

            assertThat(Files.readString(admin.file()))
                    .contains("1.50", "12345678901234567890", "\"a\": null", "\"/v2\"")
                    .doesNotContain("source");
        }
    }

    @Test
    void losesNoUpdateOfMany() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            List<CompletableFuture<Route>> updates = IntStream.range(0, 8)
                    .mapToObj(i -> client.routes()
                            .updateAsync(
                                    "web",
                                    route -> route.toBuilder()
                                            .metadata("n" + i, i)
                                            .build()))
                    .toList();
            for (int i = 8; i < 12; i++) {
                int n = i;
                client.routes()
                        .update(
                                "web",
                                route -> route.toBuilder().metadata("n" + n, n).build());
            }
            for (CompletableFuture<Route> update : updates) {
                update.get();
            }

            assertThat(client.routes().get("web").metadata()).hasSize(12);
        }
    }

    @Test
    void writesOnlyWhatIsStillAsItWasRead() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            Tagged<Route> read = client.routes().tagged("web");
            client.routes().patch("web", Map.of("target", 3009));

            assertThatThrownBy(() -> client.routes().put(read.value(), read.etag()))
                    .isInstanceOf(PreconditionFailedException.class);
            assertThatThrownBy(() -> client.routes().delete("web", read.etag()))
                    .isInstanceOf(PreconditionFailedException.class);
            client.routes().delete("web", client.routes().tagged("web").etag());
            assertThat(client.routes().find("web")).isEmpty();
        }
    }

    @Test
    void givesUpAnUpdateThatIsAlwaysTooLate() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            List<Integer> attempts = new ArrayList<>();

            assertThatThrownBy(() -> client.routes().update("web", route -> {
                        attempts.add(attempts.size());
                        client.routes().patch("web", Map.of("target", 4000 + attempts.size()));
                        return route.toBuilder().path("/x").build();
                    }))
                    .isInstanceOf(PreconditionFailedException.class);
            assertThat(attempts).hasSize(32);
        }
    }

    @Test
    void saysWhatIsWrongWithARouteThingByThing() throws Exception {
        try (var admin = AdminHarness.routing("[]");
                var client = client(admin)) {
            Route wrong =
                    Route.builder().host("a b").set("tagret", 1).target(99_999).build();

            assertThatThrownBy(() -> client.routes().add(wrong)).isInstanceOfSatisfying(InvalidException.class, e -> {
                assertThat(e.status()).isEqualTo(422);
                assertThat(e.entries()).hasSizeGreaterThan(1);
                assertThat(e).hasMessageContaining("tagret").hasMessageContaining("target");
                assertThat(e.getMessage()).doesNotContain("\n");
                assertThat(e.problem())
                        .hasValueSatisfying(problem ->
                                assertThat(problem.type()).isEqualTo("urn:portway:problem:invalid-configuration"));
            });
        }
    }

    @Test
    void namesWhatIsNotThere() throws Exception {
        try (var admin = AdminHarness.routing("[]");
                var client = client(admin)) {
            assertThatThrownBy(() -> client.routes().get("x"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessage("There is no route with the id x; GET /routes lists them.");
            assertThatThrownBy(() -> client.routes().get("a/b"))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageStartingWith("\"a/b\" is no id of a route");
            assertThatThrownBy(() -> client.routes().deleteAsync("x").get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> client.backends().get("x")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> client.tunnels().close("x")).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void setsABackendAndReadsIt() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            assertThat(client.backends()
                            .set("localhost:3000", Backends.State.DRAIN)
                            .state())
                    .isEqualTo("drain");
            assertThat(client.backends()
                            .setAsync("localhost:3000", Backends.State.CONFIGURED)
                            .get()
                            .state())
                    .isNull();
            assertThatThrownBy(() -> client.backends().check("localhost:3000", "/up"))
                    .isInstanceOf(InvalidException.class);
            assertThat(client.backends().list()).hasSize(3);
        }
    }

    @Test
    void readsEverythingElse() throws Exception {
        try (var admin = AdminHarness.routing(TWO);
                var client = client(admin)) {
            assertThat(client.status().version()).isEqualTo("1.2.3");
            assertThat(client.explain("http://api.local/v1/x").route()).isEqualTo("api");
            assertThat(client.validate("{\"proxy\": {}}").valid()).isFalse();
            assertThat(client.validateAsync(Files.readString(admin.file()))
                            .get()
                            .valid())
                    .isTrue();
            assertThat(client.reload().kept()).containsExactly("web", "api");
            assertThat(client.tunnels().list()).isEmpty();
            assertThat(client.routes().effective("web").json()).containsKey("timeouts");
        }
    }

    @Test
    void sendsTheTokenAndShowsItToNobody() throws Exception {
        try (var admin = AdminHarness.guarded("s3cret-token");
                var none = client(admin);
                var wrong = PortwayClient.builder()
                        .admin(address(admin))
                        .token("wr0ng-token")
                        .build();
                var right = PortwayClient.builder()
                        .admin(address(admin))
                        .token("s3cret-token")
                        .build()) {
            assertThatThrownBy(none::status)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("PORTWAY_TOKEN");
            assertThatThrownBy(wrong::status)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("PORTWAY_TOKEN")
                    .satisfies(e -> assertThat(e.toString() + ((PortwayException) e).problem())
                            .doesNotContain("wr0ng"));
            assertThat(right.status().routes()).isZero();
            assertThat(right.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void leavesNoThreadAndNoConnection() throws Exception {
        try (var admin = AdminHarness.routing(TWO)) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            PortwayClient client = client(admin);
            client.status();
            client.statusAsync().get();
            assertThat(admin.connections()).isPositive();

            client.close();
            client.close();

            Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
            after.removeAll(before);
            assertThat(after)
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("portway-client") || name.startsWith("HttpClient-"));
            await().until(() -> admin.connections() == 0);
            assertThatThrownBy(client::status).isInstanceOf(IllegalStateException.class);
        }
    }

    private static PortwayClient client(AdminHarness admin) {
        return PortwayClient.builder().admin(address(admin)).build();
    }

    private static String address(AdminHarness admin) {
        return "localhost:" + admin.port();
    }
}
