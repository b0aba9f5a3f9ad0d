package dev.portway.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigReader;
import dev.portway.config.HistoryEntry;
import dev.portway.config.HistoryEntry.Deed;
import dev.portway.config.RouteStore;
import dev.portway.routing.EditRefusedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered of the file's changes, and what taking one back makes of the file. */
class RouteHistoryTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** Written as no program would write it. */
    private static final String FILE = """
            {
              "proxy" : {"port" : 8080},
                "routes":[{"id":"web",  "host":"web.localhost", "target":3000},
                  { "id": "api", "host": "api.localhost",
                    "target": "${API}" } ],
              "default":{"target":null}
            }
            """;

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RegistryFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        Files.writeString(folder.resolve("config.json"), FILE);
        fixture = start();
    }

    private RegistryFixture start() throws Exception {
        RouteStore store =
                new RouteStore(folder.resolve("config.json"), new ConfigReader(RegistryFixture.ENVIRONMENT::get));
        return RegistryFixture.over(store, () -> now);
    }

    @Test
    void remembersWhoDidWhat() throws Exception {
        update(new RouteEdit.Add(List.of(json("{'id':'x','host':'x.localhost','target':1}"))), "anna");
        now = now.plusSeconds(1);
        update(new RouteEdit.Patch("web", json("{'target':3001,'enabled':false}")), null);
        update(new RouteEdit.Remove("api"), null);

        List<HistoryEntry> history = fixture.registry().history();

        assertThat(history).extracting(HistoryEntry::number).containsExactly(1L, 2L, 3L);
        assertThat(history).extracting(HistoryEntry::deed).containsExactly(Deed.ADD, Deed.PATCH, Deed.DELETE);
        assertThat(history).extracting(HistoryEntry::by).containsExactly("anna", null, null);
        assertThat(history.get(1).at()).isEqualTo(now);
        assertThat(history.get(1).routes()).hasSize(1);
        assertThat(history.get(1).routes().get(0).keys()).containsExactly("enabled", "target");
    }

    @Test
    void putsBackEveryByteOfEveryKindOfEdit() throws Exception {
        for (RouteEdit edit : List.of(
                new RouteEdit.Add(
                        List.of(json("{'host':'x.localhost','target':1}"), json("{'host':'y.localhost','target':2}"))),
                new RouteEdit.Put("new", json("{'host':'new.localhost','target':1}")),
                new RouteEdit.Put("web", json("{'host':'web.localhost','path':'/x','target':9}")),
                new RouteEdit.Patch("api", json("{'hostHeader':'target'}")),
                new RouteEdit.Remove("web"))) {
            update(edit, null);
            String changed = fixture.text();

            HistoryEntry undo = fixture.registry().undo(null, Precondition.NONE, null);
            String undone = fixture.text();
            fixture.registry().undo(undo.number(), Precondition.NONE, null);

            assertThat(undone).as(edit.toString()).isEqualTo(FILE);
            assertThat(fixture.text()).as(edit.toString()).isEqualTo(changed).isNotEqualTo(FILE);
            fixture.registry().undo(null, Precondition.NONE, null);
            assertThat(fixture.text()).isEqualTo(FILE);
        }
        assertThat(ids(fixture)).containsExactly("web", "api");
    }

    @Test
    void goesBackOneByOneAndForwardAgain() throws Exception {
        List<String> texts = new ArrayList<>(List.of(FILE));
        for (int port = 4000; port < 4020; port++) {
            update(new RouteEdit.Patch("web", json("{'target':" + port + "}")), null);
            texts.add(fixture.text());
        }

        for (int i = 19; i >= 0; i--) {
            fixture.registry().undo(null, Precondition.NONE, null);
            assertThat(fixture.text()).isEqualTo(texts.get(i));
        }
        EditRefusedException nothingLeft = refusedUndo(null);
        long last = last().number();
        fixture.registry().undo(last, Precondition.NONE, null);

        assertThat(nothingLeft.reason()).isEqualTo(Reason.NO_CHANGE);
        assertThat(fixture.text()).isEqualTo(texts.get(1));
        assertThat(refusedUndo(last)).hasMessageContaining("was taken back already");
    }

    @Test
    void keepsTheLastTwenty() throws Exception {
        for (int port = 4000; port < 4025; port++) {
            update(new RouteEdit.Patch("web", json("{'target':" + port + "}")), null);
        }

        assertThat(fixture.registry().history()).hasSize(20);
        assertThat(fixture.registry().history().get(0).number()).isEqualTo(6);
        assertThat(refusedUndo(5L).reason()).isEqualTo(Reason.NO_CHANGE);
        assertThat(start().registry().history()).isEqualTo(fixture.registry().history());
    }

    @Test
    void isNotFilledByUndoingAndRedoing() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);

        for (int i = 0; i < 200; i++) {
            HistoryEntry undo = fixture.registry().undo(null, Precondition.NONE, null);
            fixture.registry().undo(undo.number(), Precondition.NONE, null);
            if (fixture.registry().history().get(0).deed() == Deed.UNDO) {
                break; // the change itself is forgotten by then
            }
        }

        assertThat(fixture.registry().history()).hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void takesBackRouteByRouteWhereTheFileWasChangedSince() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        update(new RouteEdit.Remove("api"), null);
        update(new RouteEdit.Put("x", json("{'host':'x.localhost','target':1}")), null);
        Files.writeString(fixture.file(), fixture.text().replace("\"port\" : 8080", "\"port\" : 8080 "));

        fixture.registry().undo(2L, Precondition.NONE, null);
        fixture.registry().undo(1L, Precondition.NONE, null);
        fixture.registry().undo(3L, Precondition.NONE, null);

        assertThat(ids(fixture)).containsExactly("web", "api");
        assertThat(fixture.text()).contains("\"port\" : 8080 ", "{\"id\":\"web\",  \"host\"", "3000", "${API}");
        assertThat(fixture.store().read().read().routes())
                .isEqualTo(fixture.registry().listing().routes());
    }

    @Test
    void namesTheRoutesThatOthersChangedSince() throws Exception {
        update(
                new RouteEdit.Add(List.of(
                        json("{'id':'x','host':'x.localhost','target':1}"),
                        json("{'id':'y','host':'y.localhost','target':2}"),
                        json("{'id':'z','host':'z.localhost','target':3}"))),
                null);
        update(new RouteEdit.Patch("x", json("{'target':9}")), null);
        Files.writeString(fixture.file(), fixture.text().replace("z.localhost", "zz.localhost"));
        String before = fixture.text();

        EditRefusedException refused = refusedUndo(1L);

        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refused)
                .hasMessage("the change 1 cannot be taken back, since others have changed after it: \"x\", \"z\""
                        + " (GET /history lists the others, which are taken back by their numbers)");
        assertThat(fixture.text()).isEqualTo(before);
    }

    @Test
    void hasNothingToDoWhereItIsAsItWas() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        Files.writeString(fixture.file(), FILE + " ");

        assertThat(refusedUndo(1L))
                .hasMessage("the routes are already as they were before the change 1")
                .extracting(EditRefusedException::reason)
                .isEqualTo(Reason.CONFLICT);
        assertThat(refusedUndo(null))
                .hasMessage("there is no change of the API that could be taken back")
                .extracting(EditRefusedException::reason)
                .isEqualTo(Reason.NO_CHANGE);
    }

    @Test
    void passesOverWhatWasPutBackByHand() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        String first = fixture.text();
        update(new RouteEdit.Put("x", json("{'host':'x.localhost','target':1}")), null);
        update(new RouteEdit.Remove("api"), null);
        update(new RouteEdit.Patch("web", json("{'target':5000}")), null);
        Files.writeString(fixture.file(), first);

        HistoryEntry undo = fixture.registry().undo(null, Precondition.NONE, null);

        assertThat(undo.undoes()).isEqualTo(1);
        assertThat(RouteRegistry.takenBack(fixture.registry().history()))
                .isEqualTo(Map.of(1L, undo.number(), 2L, 5L, 3L, 5L, 4L, 5L));
        assertThat(fixture.text()).isEqualTo(FILE);
        assertThat(refusedUndo(null).reason()).isEqualTo(Reason.NO_CHANGE);
    }

    @Test
    void passesOverWhatWasPutBackBeforeAStart() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        String first = fixture.text();
        update(new RouteEdit.Patch("web", json("{'target':5000}")), null);
        Files.writeString(fixture.file(), first);

        start().registry().undo(null, Precondition.NONE, null);

        assertThat(fixture.text()).isEqualTo(FILE);
    }

    /** Another one than the last is not what was asked for. */
    @Test
    void stopsAtWhatOthersChangedSince() throws Exception {
        update(new RouteEdit.Patch("api", json("{'enabled':false}")), null);
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        Files.writeString(fixture.file(), fixture.text().replace("4000", "5000"));

        EditRefusedException refused = refusedUndo(null);
        fixture.registry().undo(1L, Precondition.NONE, null);

        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refused)
                .hasMessageContaining("the change 2 cannot be taken back")
                .hasMessageContaining("\"web\"");
        assertThat(fixture.text()).contains("5000").doesNotContain("enabled");
    }

    @Test
    void seesWhatIsSavedByHandAndLeavesItToTheEditor() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        Files.writeString(
                fixture.file(),
                fixture.text()
                        .replace("api.localhost", "api2.localhost")
                        .replace("{\"port\"", "{\"host\":\"::1\",\"port\""));
        fixture.registry().reload();
        fixture.registry().reload(); // says the same, so it is no change

        HistoryEntry hand = last();
        EditRefusedException refused = refusedUndo(hand.number());
        fixture.registry().undo(null, Precondition.NONE, null);

        assertThat(fixture.registry().history()).hasSize(3);
        assertThat(hand.deed()).isEqualTo(Deed.HAND);
        assertThat(hand.routes()).hasSize(1);
        assertThat(hand.routes().get(0).was()).isNull();
        assertThat(hand.sections()).containsExactly("proxy");
        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(fixture.text()).contains("api2.localhost", "::1", "\"target\":3000");
    }

    @Test
    void honoursThePrecondition() throws Exception {
        String revision = fixture.registry().listing().revision();
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        String present = fixture.registry().listing().revision();

        EditRefusedException refused = catchThrowableOfType(
                EditRefusedException.class,
                () -> fixture.registry().undo(null, new Precondition(List.of(revision), false), null));
        fixture.registry().undo(null, new Precondition(List.of(present), false), null);

        assertThat(refused.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
        assertThat(fixture.text()).isEqualTo(FILE);
    }

    @Test
    void doesNotTakeThePlaceOfALease() throws Exception {
        update(new RouteEdit.Remove("web"), null);
        fixture.registry()
                .lease(
                        new LeaseRequest(
                                "web", json("{'host':'web.localhost','target':1}"), Duration.ofSeconds(30), "vite"),
                        Precondition.NONE);

        assertThat(refusedUndo(null).reason()).isEqualTo(Reason.LEASED);
        assertThat(fixture.registry().history()).hasSize(1);
    }

    @Test
    void outlivesTheProcess() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), "anna");
        update(new RouteEdit.Remove("api"), null);
        HistoryEntry undo = fixture.registry().undo(null, Precondition.NONE, null);

        RegistryFixture restarted = start(); // the other one may have been killed

        assertThat(restarted.registry().history()).isEqualTo(fixture.registry().history());
        restarted.registry().undo(undo.number(), Precondition.NONE, null);
        restarted.registry().undo(null, Precondition.NONE, null);
        restarted.registry().undo(null, Precondition.NONE, null);
        assertThat(restarted.text()).isEqualTo(FILE);
    }

    @Test
    void forgetsAChangeThatWasNotSaved() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        String saved = fixture.text();
        update(new RouteEdit.Patch("web", json("{'target':4001}")), null);
        Files.writeString(fixture.file(), saved); // as if it had been killed before it saved

        RegistryFixture restarted = start();

        assertThat(restarted.registry().history()).hasSize(1);
        restarted.registry().undo(null, Precondition.NONE, null);
        assertThat(restarted.text()).isEqualTo(FILE);
    }

    @Test
    void knowsThatTheFileWasChangedWhileNobodyLooked() throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        Files.writeString(fixture.file(), fixture.text().replace("api.localhost", "api2.localhost"));

        RegistryFixture restarted = start();

        assertThat(restarted.registry().history())
                .extracting(HistoryEntry::deed)
                .containsExactly(Deed.PATCH, Deed.HAND);
        restarted.registry().undo(null, Precondition.NONE, null);
        assertThat(restarted.text()).isEqualTo(FILE.replace("api.localhost", "api2.localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"number\":2,\"at\":", "\u0000\u0000", "{}\n", "[]\n", "{\"number\":9,\"at\":\"x\"}\n"})
    void startsWithAHistoryThatIsBroken(String rest) throws Exception {
        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        Files.writeString(journal(), Files.readString(journal()) + rest);

        RegistryFixture restarted = start();
        restarted.registry().update(new RouteEdit.Remove("api"), Precondition.NONE, null);
        RegistryFixture again = start();

        assertThat(again.registry().history()).hasSize(2);
        again.registry().undo(null, Precondition.NONE, null);
        again.registry().undo(null, Precondition.NONE, null);
        assertThat(again.text()).isEqualTo(FILE);
        if (rest.endsWith("\n")) {
            assertThat(folder.resolve(".config.json.portway-history.broken"))
                    .content()
                    .endsWith(rest);
        }
    }

    @Test
    void isForTheUserOfTheProxyAlone() throws Exception {
        Files.setPosixFilePermissions(fixture.file(), PosixFilePermissions.fromString("rw-r--r--"));

        for (int port = 4000; port < 4130; port++) { // written anew now and then
            update(new RouteEdit.Patch("web", json("{'target':" + port + "}")), null);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal())))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(journal())).hasSizeBetween(20, 121);
    }

    @Test
    void worksWhereItCannotBeKept() throws Exception {
        Files.createDirectories(journal().resolve("in-the-way"));

        update(new RouteEdit.Patch("web", json("{'target':4000}")), null);
        fixture.registry().undo(null, Precondition.NONE, null);

        assertThat(fixture.text()).isEqualTo(FILE);
    }

    @Test
    void worksWithoutAFile() throws Exception {
        RegistryFixture memory = RegistryFixture.over(
                RouteStore.inMemory(FILE, new ConfigReader(RegistryFixture.ENVIRONMENT::get)), () -> now);

        memory.registry().update(new RouteEdit.Remove("web"), Precondition.NONE, null);
        memory.registry().undo(null, Precondition.NONE, null);

        assertThat(memory.store().text()).isEqualTo(FILE);
    }

    private Path journal() {
        return folder.resolve(".config.json.portway-history");
    }

    private HistoryEntry last() {
        List<HistoryEntry> history = fixture.registry().history();
        return history.get(history.size() - 1);
    }

    private void update(RouteEdit edit, @Nullable String by) throws Exception {
        fixture.registry().update(edit, Precondition.NONE, by);
    }

    private EditRefusedException refusedUndo(@Nullable Long number) {
        return requireNonNull(catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().undo(number, Precondition.NONE, null)));
    }

    private static List<String> ids(RegistryFixture fixture) {
        return fixture.registry().current().routes().stream().map(Route::id).toList();
    }

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }
}
