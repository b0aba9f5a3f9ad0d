package dev.portway.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigReader;
import dev.portway.config.RouteStore;
import dev.portway.routing.EditRefusedException.Reason;
import dev.portway.routing.EditResult.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteLeaseTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String FILE =
            RegistryFixture.file("[ { \"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000 } ]");

    @TempDir
    Path folder;

    private final List<RouteTable> tables = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RegistryFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        Path file = Files.writeString(folder.resolve("config.json"), FILE);
        fixture = registry(file);
    }

    private RegistryFixture registry(Path file) throws Exception {
        return RegistryFixture.over(
                new RouteStore(file, new ConfigReader(RegistryFixture.ENVIRONMENT::get)), () -> now, tables::add);
    }

    @Test
    void leavesTheFileAlone() throws Exception {
        EditResult given = lease("app", "{'host':'app.localhost','target':4000}", "vite");

        assertThat(given.changes().get(0).kind()).isEqualTo(Kind.CREATED);
        assertThat(ids()).containsExactly("web", "app");
        assertThat(fixture.text()).isEqualTo(FILE);
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        lease("api", "{'host':'api.localhost','target':4001}", "vite");
        tables.clear();

        pass(29_999);
        List<String> before = ids();
        pass(1);

        assertThat(before).containsExactly("web", "app", "api");
        assertThat(ids()).containsExactly("web");
        assertThat(tables).hasSize(1); // both by one table
        assertThat(refusedRenewal("app", "vite"))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.NO_LEASE))
                .hasMessage("the lease on \"app\" expired at 2026-01-01T00:00:30Z (PUT it again)");
    }

    @Test
    void livesOnWhenRenewedAndMakesNoTableForThat() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        tables.clear();

        pass(20_000);
        Lease lease = fixture.registry().renew("app", "vite", null);
        pass(20_000);
        EditResult again = lease("app", "{'target':4000,'host':'app.localhost'}", "vite");
        pass(20_000);

        assertThat(again.changes().get(0).kind()).isEqualTo(Kind.UNCHANGED);
        assertThat(lease.term().secondsLeft(now)).isEqualTo(10);
        assertThat(ids()).containsExactly("web", "app");
        assertThat(tables).isEmpty();
    }

    @Test
    void isNotRenewedOnceItsTimeIsOver() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        now = now.plusSeconds(30); // before anybody looked

        assertThat(refusedRenewal("app", "vite")).hasMessageContaining("PUT it again");
        assertThat(lease("app", "{'host':'app.localhost','target':4000}", "other")
                        .changes()
                        .get(0)
                        .kind())
                .isEqualTo(Kind.CREATED);
    }

    @Test
    void isItsOwnersAlone() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        EditRefusedException put = refused("app", "{'host':'app.localhost','target':4001}", "other");
        EditRefusedException renewal = refusedRenewal("app", null);
        EditRefusedException removal = catchThrowableOfType(
                EditRefusedException.class,
                () -> fixture.registry().update(new RouteEdit.Remove("app", "other"), Precondition.NONE));

        assertThat(List.of(put.reason(), renewal.reason(), removal.reason())).containsOnly(Reason.LEASED);
        assertThat(put).hasMessage("the route \"app\" is leased by \"vite\" for another 30 seconds");
        assertThat(ids()).containsExactly("web", "app");
    }

    @Test
    void isPatchedForTheRestOfItsTimeAndEndedByAnybody() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        pass(10_000);
        fixture.registry().update(new RouteEdit.Patch("app", json("{'target':4001}")), Precondition.NONE);
        long left = leased(fixture, "app").term().secondsLeft(now);
        int port = fixture.registry()
                .current()
                .route("app")
                .orElseThrow()
                .config()
                .targets()
                .get(0)
                .url()
                .port();
        fixture.registry().update(new RouteEdit.Remove("app"), Precondition.NONE);

        assertThat(left).isEqualTo(20);
        assertThat(port).isEqualTo(4001);
        assertThat(ids()).containsExactly("web");
        assertThat(fixture.text()).isEqualTo(FILE);
    }

    @Test
    void takesNeitherIdNorPlaceOfARouteOfTheFile() throws Exception {
        EditRefusedException id = refused("web", "{'host':'x.localhost','target':4000}", "vite");
        EditRefusedException place = refused("x", "{'host':['x.localhost','WEB.localhost'],'target':4000}", "vite");

        assertThat(List.of(id.reason(), place.reason())).containsOnly(Reason.CONFLICT);
        assertThat(place).hasMessage("no request would reach it: the route \"web\" of the file takes all of them");
        lease("x", "{'host':'web.localhost','path':'/x','target':4000}", "vite");
    }

    @Test
    void takesNoOtherLeasesPlace() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        lease("api", "{'host':'api.localhost','target':4000}", "vite");

        EditRefusedException refused = refused("api", "{'host':'app.localhost','target':4000}", "vite");

        assertThat(refused.reason()).isEqualTo(Reason.LEASED);
        assertThat(refused).hasMessageContaining("\"app\", which is leased by \"vite\" for another 30 seconds, takes");
    }

    @Test
    void isValidatedAsARouteOfTheFileIs() throws Exception {
        EditRefusedException port = refused("app", "{'host':'app.localhost','target':99999}", "vite");
        EditRefusedException own = refused("app", "{'host':'app.localhost','target':8080}", "vite");
        EditRefusedException variable = refused("app", "{'host':'app.localhost','target':'${API}'}", "vite");
        EditRefusedException key = refused("app", "{'hots':'app.localhost','target':1}", "vite");

        assertThat(List.of(port.reason(), own.reason(), variable.reason(), key.reason()))
                .containsOnly(Reason.INVALID);
        assertThat(own).hasMessageContaining("is the proxy itself");
        assertThat(key).hasMessageContaining("did you mean \"host\"");
    }

    @Test
    void isNotWrittenOverByTheApi() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        for (RouteEdit edit : List.of(
                new RouteEdit.Put("app", json("{'host':'y.localhost','target':1}")),
                new RouteEdit.Add(List.of(json("{'id':'app','host':'y.localhost','target':1}"))),
                new RouteEdit.Add(List.of(json("{'id':'y','host':'app.localhost','target':1}"))))) {
            EditRefusedException refused = catchThrowableOfType(
                    EditRefusedException.class, () -> fixture.registry().update(edit, Precondition.NONE));
            assertThat(refused).as(edit.toString()).isNotNull().hasMessageContaining("leased by \"vite\"");
            assertThat(refused.reason()).isEqualTo(Reason.LEASED);
        }
        assertThat(fixture.text()).isEqualTo(FILE);
    }

    @Test
    void givesWayToTheFile() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        lease("api", "{'host':'api.localhost','target':4001}", "vite");
        lease("own", "{'host':'own.localhost','target':4002}", "vite");
        lease("stays", "{'host':'stays.localhost','target':4003}", "vite");

        Files.writeString(
                fixture.file(),
                RegistryFixture.file("[ { \"id\": \"app\", \"host\": \"x.localhost\", \"target\": 3000 },"
                                + " { \"id\": \"y\", \"host\": \"api.localhost\", \"target\": 3000 } ]")
                        .replace("8080", "4002"));
        ReloadReport report = fixture.registry().reload();

        assertThat(report.applied()).isTrue();
        assertThat(report.removed()).containsExactly("web");
        assertThat(ids()).containsExactly("app", "y", "stays");
        assertThat(refusedRenewal("api", "vite"))
                .hasMessageContaining("was dropped: the route \"y\" takes all requests to its host and path");
        assertThat(refusedRenewal("own", "vite")).hasMessageContaining("is the proxy itself");
    }

    @Test
    void outlivesAFileThatCannotBeUsed() throws Exception {
        Files.writeString(fixture.file(), "{");
        fixture.registry().reload();

        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        assertThat(ids()).containsExactly("web", "app");
    }

    @Test
    void needsNoFileOfJson() throws Exception {
        Path yaml = Files.writeString(
                folder.resolve("portway.yml"), "proxy: { port: 8080 }\nroutes: []\ndefault: { target: null }\n");
        fixture = registry(yaml);

        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        fixture.registry().update(new RouteEdit.Patch("app", json("{'target':4001}")), Precondition.NONE);
        List<String> with = ids();
        fixture.registry().update(new RouteEdit.Remove("app"), Precondition.NONE);

        assertThat(with).containsExactly("app");
        assertThat(ids()).isEmpty();
    }

    @Test
    void isThereAfterARestartIfItStillLives() throws Exception {
        lease("gone", "{'host':'gone.localhost','target':4000}", "vite");
        lease("ended", "{'host':'ended.localhost','target':4001}", "vite");
        lease("app", "{'host':'app.localhost','target':4002}", "vite");
        lease("nobody", "{'host':'nobody.localhost','target':4003}", null);
        now = now.plusSeconds(20);
        fixture.registry().update(new RouteEdit.Remove("ended"), Precondition.NONE);
        fixture.registry().renew("app", "vite", null);
        fixture.registry().renew("nobody", null, Duration.ofMinutes(1));
        fixture.registry().update(new RouteEdit.Patch("nobody", json("{'target':4004}")), Precondition.NONE);
        now = now.plusSeconds(15);

        RegistryFixture restarted = registry(fixture.file()); // the other one may have been killed

        Listing listing = restarted.registry().listing();
        assertThat(listing.leases().keySet()).containsExactlyInAnyOrder("app", "nobody");
        assertThat(leased(restarted, "app").owner()).isEqualTo("vite");
        assertThat(leased(restarted, "app").term().secondsLeft(now)).isEqualTo(15);
        assertThat(leased(restarted, "nobody").owner()).isNull();
        assertThat(leased(restarted, "nobody").term().secondsLeft(now)).isEqualTo(45);
        assertThat(listing.routes().get(2).json().path("target").intValue()).isEqualTo(4004);
        assertThat(restarted.registry().current().route("app")).isPresent();
        assertThat(restarted.text()).isEqualTo(FILE);
    }

    @Test
    void isKeptWhereOnlyReadersOfTheFileCanReadIt() throws Exception {
        Files.setPosixFilePermissions(fixture.file(), PosixFilePermissions.fromString("rw-r-----"));

        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(journal()));
        fixture.registry().update(new RouteEdit.Remove("app"), Precondition.NONE);

        assertThat(mode).isEqualTo("rw-r-----");
        assertThat(journal()).doesNotExist();
    }

    @Test
    void isKeptInNoMoreThanItTakes() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");

        for (int i = 0; i < 5_000; i++) {
            fixture.registry().renew("app", "vite", null);
        }

        assertThat(Files.readAllLines(journal())).hasSizeBetween(1, 1_100);
        assertThat(registry(fixture.file()).registry().listing().leases()).containsKey("app");
    }

    @Test
    void isThereThoughTheJournalWasCutOffOrBroken() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        String one = Files.readString(journal());
        Files.writeString(journal(), one + "{\"id\":\"api\",\"ttl\":30");
        boolean cutOff = registry(fixture.file()).registry().listing().leases().containsKey("app");
        Files.writeString(journal(), "nonsense\n" + one);

        RegistryFixture restarted = registry(fixture.file());

        assertThat(cutOff).isTrue();
        assertThat(restarted.registry().listing().leases().keySet()).containsExactly("app");
        assertThat(folder.resolve(".config.json.portway-leases.broken"))
                .content()
                .startsWith("nonsense");
    }

    @Test
    void isNotRestoredInThePlaceOfARouteOfTheFile() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        lease("api", "{'host':'api.localhost','target':4001}", "vite");
        Files.writeString(fixture.file(), FILE.replace("web.localhost", "app.localhost"));

        RegistryFixture restarted = registry(fixture.file());

        assertThat(restarted.registry().listing().leases().keySet()).containsExactly("api");
    }

    @Test
    void isGivenWhereItCannotBeKept() throws Exception {
        Files.createDirectories(journal().resolve("in-the-way"));

        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        fixture.registry().renew("app", "vite", null);

        assertThat(ids()).containsExactly("web", "app");
    }

    private Path journal() {
        return folder.resolve(".config.json.portway-leases");
    }

    @Test
    void givesItsBackendsBack() throws Exception {
        lease("app", "{'host':'app.localhost','target':4000}", "vite");
        fixture.registry().update(new RouteEdit.Remove("app"), Precondition.NONE);

        assertThat(fixture.backends().backends()).hasSize(1);
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
        fixture.registry().expireLeases();
    }

    private EditResult lease(String id, String route, @Nullable String owner) throws Exception {
        return fixture.registry()
                .lease(new LeaseRequest(id, json(route), Duration.ofSeconds(30), owner), Precondition.NONE);
    }

    private EditRefusedException refused(String id, String route, @Nullable String owner) {
        return catchThrowableOfType(EditRefusedException.class, () -> lease(id, route, owner));
    }

    private EditRefusedException refusedRenewal(String id, @Nullable String owner) {
        return catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().renew(id, owner, null));
    }

    private static Lease leased(RegistryFixture fixture, String id) {
        return requireNonNull(fixture.registry().listing().leases().get(id), id);
    }

    private List<String> ids() {
        return fixture.registry().current().routes().stream().map(Route::id).toList();
    }

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }
}
