package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.Problem;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import dev.portway.upstream.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteRegistryTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String WEB = "{ \"id\": \"web\", \"host\": \"web.localhost\", \"target\": 3000 }";
    private static final String API = "{ \"host\": \"api.localhost\", \"target\": \"${API}\" }";
    private static final String LIST = RegistryFixture.file("[\n    " + WEB + ",\n    " + API + "\n  ]");

    @TempDir
    Path folder;

    @Test
    void beginsWithTheTableOfTheFirstDocument() throws Exception {
        List<RouteTable> told = new ArrayList<>();

        RegistryFixture fixture = RegistryFixture.over(file(), LIST, told::add);

        assertThat(ids(fixture)).containsExactly("web", "api.localhost");
        assertThat(told).containsExactly(fixture.registry().current());
        assertThat(fixture.registry().lastReload().applied()).isTrue();
        assertThat(fixture.registry().lastReload().added()).containsExactly("web", "api.localhost");
        assertThat(backends(fixture)).containsExactlyInAnyOrder("localhost:3000", "localhost:3001");
    }

    @Test
    void addsARouteToTheFileAndThenToTheTable() throws Exception {
        List<String> fileWhenTold = new ArrayList<>();
        RegistryFixture fixture = RegistryFixture.over(file(), LIST, table -> fileWhenTold.add(read(file())));
        String revision = fixture.registry().listing().revision();

        EditResult result = add(fixture, "{'host':'x.localhost','target':3002}");

        String written = "{ \"id\": \"x.localhost\", \"host\": \"x.localhost\", \"target\": 3002 }";
        assertThat(fixture.text()).isEqualTo(LIST.replace(API, API + ",\n    " + written));
        assertThat(fileWhenTold).containsExactly(LIST, fixture.text());
        assertThat(result.changes()).hasSize(1);
        assertThat(result.changes().get(0).kind()).isEqualTo(EditResult.Kind.CREATED);
        assertThat(result.changes().get(0).route().id()).isEqualTo("x.localhost");
        assertThat(ids(fixture)).containsExactly("web", "api.localhost", "x.localhost");
        assertThat(fixture.registry().listing().revision()).isNotEqualTo(revision);
        assertThat(backends(fixture)).contains("localhost:3002");
    }

    @Test
    void addsAllRoutesOrNone() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditRefusedException refused = refused(
                fixture,
                new RouteEdit.Add(List.of(json("{'host':'x','target':1}"), json("{'host':'y','target':99999}"))));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.problems()).extracting(Problem::pointer).containsExactly("/1/target");
        assertThat(fixture.text()).isEqualTo(LIST);
        assertThat(backends(fixture)).containsExactlyInAnyOrder("localhost:3000", "localhost:3001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'web','host':'x','target':1}",
                "{'id':'api.localhost','target':1}",
                "{'host':'API.localhost','target':1}"
            })
    void refusesAnIdThatIsTaken(String route) throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditRefusedException refused = refused(fixture, new RouteEdit.Add(List.of(json(route))));

        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refused).hasMessageContaining("is taken");
    }

    @Test
    void putCreatesUnderTheIdOfThePath() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditResult result = put(fixture, "x", "{'host':'x.localhost','target':3002,'source':'file','status':'up'}");

        assertThat(kind(result)).isEqualTo(EditResult.Kind.CREATED);
        assertThat(fixture.text())
                .contains("{ \"id\": \"x\", \"host\": \"x.localhost\", \"target\": 3002 }")
                .doesNotContain("source");
    }

    @Test
    void putTouchesOnlyWhatDiffers() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditResult result = put(fixture, "web", "{'target':4000,'host':'web.localhost'}");

        assertThat(kind(result)).isEqualTo(EditResult.Kind.REPLACED);
        assertThat(fixture.text()).isEqualTo(LIST.replace("3000", "4000"));
        assertThat(backends(fixture)).contains("localhost:4000").doesNotContain("localhost:3000");
    }

    @Test
    void anUnchangedPutWritesNothing() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        Object before = Files.readAttributes(file(), "*").get("fileKey");
        RouteTable table = fixture.registry().current();

        EditResult result = put(fixture, "web", "{'status':'up','target':3000,'host':'web.localhost','id':'web'}");

        assertThat(kind(result)).isEqualTo(EditResult.Kind.UNCHANGED);
        assertThat(Files.readAttributes(file(), "*").get("fileKey")).isEqualTo(before);
        assertThat(fixture.registry().current()).isSameAs(table);
    }

    @Test
    void refusesABodyWithAnotherId() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditRefusedException put = refused(fixture, new RouteEdit.Put("web", json("{'id':'x','target':1}")));
        EditRefusedException patch = refused(fixture, new RouteEdit.Patch("web", json("{'id':'x'}")));

        assertThat(List.of(put.reason(), patch.reason())).containsOnly(Reason.INVALID);
        assertThat(put.problems()).extracting(Problem::pointer).containsExactly("/id");
    }

    @Test
    void patchKeepsPlaceholdersAndTheId() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        patch(fixture, "api.localhost", "{'path':'/v1'}");

        assertThat(fixture.text())
                .isEqualTo(LIST.replace("\"${API}\" }", "\"${API}\", \"id\": \"api.localhost\", \"path\": \"/v1\" }"));
        assertThat(ids(fixture)).containsExactly("web", "api.localhost");
    }

    @Test
    void patchLeavesAnIdUnsaidThatTheRouteStillHas() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        patch(fixture, "api.localhost", "{'enabled':false}");

        assertThat(fixture.text()).isEqualTo(LIST.replace("\"${API}\" }", "\"${API}\", \"enabled\": false }"));
    }

    @Test
    void patchTakesAwayWhatIsNull() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        patch(fixture, "web", "{'host':null,'metadata':{'a':1,'b':null}}");

        assertThat(fixture.text())
                .isEqualTo(LIST.replace(WEB, "{ \"id\": \"web\", \"target\": 3000, \"metadata\": { \"a\": 1 } }"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'target':'http://${HOME}'}", "{'metadata':{'a':['x${Y}']}}", "{'metadata':{'${X}':1}}"})
    void refusesPlaceholdersInABody(String body) throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditRefusedException refused = refused(fixture, new RouteEdit.Patch("web", json(body)));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused).hasMessageContaining("placeholder");
        assertThat(fixture.text()).isEqualTo(LIST);
    }

    @Test
    void removesARoute() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        EditResult result = fixture.registry().update(new RouteEdit.Remove("web"), Precondition.NONE);

        assertThat(kind(result)).isEqualTo(EditResult.Kind.REMOVED);
        assertThat(fixture.text()).isEqualTo(LIST.replace("    " + WEB + ",\n", ""));
        assertThat(backends(fixture)).containsExactly("localhost:3001");
    }

    @Test
    void sparesTheBackendsOfRoutesThatStay() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        Backend web = backend(fixture, "web");

        add(fixture, "{'host':'x.localhost','target':3002}");
        patch(fixture, "api.localhost", "{'enabled':false}");

        assertThat(backend(fixture, "web")).isSameAs(web);
    }

    @Test
    void doesNotKnowARouteThatIsNotThere() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);

        assertThat(refused(fixture, new RouteEdit.Remove("x")).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(fixture, new RouteEdit.Patch("x", json("{}"))).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void honoursPreconditions() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        String etag = route(fixture, "web").etag();
        Precondition stale = new Precondition(List.of("\"stale\""), false);
        Precondition fresh = new Precondition(List.of("\"stale\"", etag), false);
        Precondition any = new Precondition(List.of("*"), false);
        Precondition absent = new Precondition(null, true);
        RouteEdit change = new RouteEdit.Patch("web", json("{'enabled':false}"));
        RouteEdit creation = new RouteEdit.Put("x", json("{'host':'x','target':1}"));
        RouteEdit addition = new RouteEdit.Add(List.of(json("{'host':'y','target':1}")));
        Precondition listed =
                new Precondition(List.of(fixture.registry().listing().revision()), false);

        assertThat(refused(fixture, change, stale).reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(refused(fixture, change, absent).reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(refused(fixture, creation, any).reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(refused(fixture, addition, stale).reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(fixture.text()).isEqualTo(LIST);
        fixture.registry().update(addition, listed);
        fixture.registry().update(change, fresh);
        fixture.registry().update(creation, absent);
        assertThat(refused(fixture, change, fresh).reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(ids(fixture)).containsExactly("web", "api.localhost", "y", "x");
    }

    @Test
    void keepsAnEditSavedAMomentBefore() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        String edited = LIST.replace("{ \"port\": 8080 }", "{ \"port\": 8080, \"host\": \"127.0.0.1\" }");
        Files.writeString(file(), edited);

        patch(fixture, "web", "{'target':4000}");

        assertThat(fixture.text()).isEqualTo(edited.replace("3000", "4000"));
        assertThat(fixture.registry().lastReload().restartNeeded()).containsExactly("/proxy/host");
    }

    @Test
    void saysWhereTheFileIsBroken() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        Files.writeString(file(), LIST.replace("3000 }", "99999 }"));

        EditRefusedException refused = refused(fixture, new RouteEdit.Remove("web"));

        assertThat(refused.reason()).isEqualTo(Reason.FILE_BROKEN);
        assertThat(refused).hasMessageContaining("line 4, ").hasMessageContaining("/routes/0/target");
        assertThat(ids(fixture)).containsExactly("web", "api.localhost");
    }

    @Test
    void saysThatTheFileIsGone() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        Files.delete(file());

        assertThat(refused(fixture, new RouteEdit.Remove("web")).reason()).isEqualTo(Reason.FILE_BROKEN);
        assertThat(fixture.registry().reload().applied()).isFalse();
        assertThat(fixture.registry().lastReload().problems().get(0).message()).contains("not there");
    }

    @Test
    void saysThatTheFileIsNotUtf8() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        Files.write(file(), LIST.replace("web.", "w\u00e9b.").getBytes(StandardCharsets.ISO_8859_1));

        ReloadReport report = fixture.registry().reload();

        assertThat(report.applied()).isFalse();
        assertThat(report.problems().get(0).message())
                .isEqualTo("line 4 holds the byte 0xE9, which is not UTF-8 (expected: the file saved as UTF-8)");
    }

    @Test
    void doesNotEditYaml() throws Exception {
        Path yaml = folder.resolve("portway.yaml");
        String text = "proxy: {port: 8080}\nroutes: []\ndefault: {target: null}\n";
        RegistryFixture fixture = RegistryFixture.over(yaml, text);

        EditRefusedException refused = refused(fixture, new RouteEdit.Add(List.of(json("{'target':1}"))));

        assertThat(refused.reason()).isEqualTo(Reason.FILE_NOT_JSON);
        assertThat(refused).hasMessageContaining("convert");
    }

    @Test
    void reportsWhatAReloadChanged() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        String other = "{ \"host\": \"x\", \"target\": 3002 }";
        Files.writeString(
                file(), RegistryFixture.file("[" + other + "," + API + "]").replace("8080", "8090"));

        ReloadReport report = fixture.registry().reload();

        assertThat(report.applied()).isTrue();
        assertThat(report.added()).containsExactly("x");
        assertThat(report.removed()).containsExactly("web");
        assertThat(report.kept()).containsExactly("api.localhost");
        assertThat(report.changed()).isEmpty();
        assertThat(report.restartNeeded()).containsExactly("/proxy/port");
        assertThat(ids(fixture)).containsExactly("x", "api.localhost");
    }

    @Test
    void aBadFileKeepsTheTableAndAGoodOneClearsTheError() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        RouteTable table = fixture.registry().current();

        Files.writeString(file(), "{");
        assertThat(fixture.registry().refresh(false)).isFalse();
        assertThat(fixture.registry().lastReload().applied()).isTrue();
        assertThat(fixture.registry().refresh(true)).isFalse();
        assertThat(fixture.registry().lastReload().applied()).isFalse();
        assertThat(fixture.registry().current()).isSameAs(table);
        Files.writeString(file(), LIST);
        assertThat(fixture.registry().refresh(true)).isTrue();

        assertThat(fixture.registry().lastReload().applied()).isTrue();
        assertThat(fixture.registry().lastReload().kept()).containsExactly("web", "api.localhost");
    }

    @Test
    void itsOwnWritesAreNobodysEdits() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST);
        ReloadReport before = fixture.registry().lastReload();
        add(fixture, "{'host':'x.localhost','target':3002}");
        RouteTable table = fixture.registry().current();

        assertThat(fixture.registry().refresh(true)).isTrue();

        assertThat(fixture.registry().current()).isSameAs(table);
        assertThat(fixture.registry().lastReload()).isSameAs(before);
    }

    @Test
    void aListenerThatFailsStopsNothing() throws Exception {
        RegistryFixture fixture = RegistryFixture.over(file(), LIST, table -> {
            throw new IllegalStateException("a listener's own");
        });

        add(fixture, "{'host':'x.localhost','target':3002}");

        assertThat(ids(fixture)).contains("x.localhost");
        assertThat(fixture.text()).contains("x.localhost");
    }

    @Test
    void refusesToBeginWithAnInvalidDocument() {
        assertThatThrownBy(() -> RegistryFixture.over(file(), "{}")).isInstanceOf(IllegalArgumentException.class);
    }

    private Path file() {
        return folder.resolve("config.json");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static EditResult add(RegistryFixture fixture, String route) throws Exception {
        return fixture.registry().update(new RouteEdit.Add(List.of(json(route))), Precondition.NONE);
    }

    private static EditResult put(RegistryFixture fixture, String id, String route) throws Exception {
        return fixture.registry().update(new RouteEdit.Put(id, json(route)), Precondition.NONE);
    }

    private static void patch(RegistryFixture fixture, String id, String patch) throws Exception {
        fixture.registry().update(new RouteEdit.Patch(id, json(patch)), Precondition.NONE);
    }

    private static EditRefusedException refused(RegistryFixture fixture, RouteEdit edit) {
        return refused(fixture, edit, Precondition.NONE);
    }

    private static EditRefusedException refused(RegistryFixture fixture, RouteEdit edit, Precondition precondition) {
        return catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().update(edit, precondition));
    }

    private static EditResult.Kind kind(EditResult result) {
        return result.changes().get(0).kind();
    }

    private static List<String> ids(RegistryFixture fixture) {
        List<String> written = fixture.registry().listing().routes().stream()
                .map(WrittenRoute::id)
                .toList();
        assertThat(fixture.registry().current().routes()).extracting(Route::id).isEqualTo(written);
        return written;
    }

    private static WrittenRoute route(RegistryFixture fixture, String id) {
        return fixture.registry().listing().routes().stream()
                .filter(route -> route.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Backend backend(RegistryFixture fixture, String id) {
        Route route = fixture.registry().current().route(id).orElseThrow();
        return route.upstream().targets().get(0).backend();
    }

    private static List<String> backends(RegistryFixture fixture) {
        return fixture.backends().backends().stream().map(Backend::id).toList();
    }

    static ObjectNode json(String text) throws IOException {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }
}
