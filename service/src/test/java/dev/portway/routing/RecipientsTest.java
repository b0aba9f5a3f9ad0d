package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.TestCertificates;
import dev.portway.config.Problem;
import dev.portway.routing.EditRefusedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file's author keeps in placeholders and files goes to the backends of the author alone. */
class RecipientsTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TLS = "'tls':{'certificate':'CERT','key':'KEY'}";
    private static final String SET = "'request':{'headers':{'set':{'Authorization':'${API}'}}}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                SET,
                "'request':{'headers':{'set':{'A':'x'},'add':{'B':['y','Bearer ${API}']}}}",
                "'request':{'headers':{'append':{'B':'${API}'}}}",
                "'request':{'replaceHeaders':{'Authorization':'${API}'}}",
                "'request':{'body':'key=${API}','method':'POST'}",
                "'request':{'query':{'set':{'key':'${API}'}}}",
                "'rewrite':{'addPrefix':'/${KEY:-x}'}",
                "'hostHeader':'${HOST:-a.test}'",
                "'health':{'headers':{'Authorization':'${API}'}}",
                "'health':{'path':'/x?${KEY:-y}'}",
            })
    void refusesAnotherTargetForWhatTheFileKeeps(String kept) throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':3000," + kept + "}");
        String before = fixture.text();

        EditRefusedException refused = refused(fixture, "{'target':6666}");

        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.problems()).extracting(Problem::pointer).containsExactly("/target");
        assertThat(refused.problems().get(0).message())
                .startsWith("sends what the file keeps at /" + kept.substring(1, kept.indexOf('\'', 1)))
                .endsWith(
                        " to somebody else (expected: the backend as it is, or another value there in the same body, or"
                                + " none; the author may say it in the file itself)");
        assertThat(fixture.text()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/targets/0     | {'target':null,'targets':[6666]}",
                "/targets/1     | {'target':null,'targets':['https://a.test',6666]}",
                "/targets/1/url | {'target':null,'targets':['https://a.test',{'url':'https://b.test','weight':0}]}",
                "/targets/0     | {'target':null,'targets':['https://a.test:444']}",
                "/targets/0     | {'target':null,'targets':['http://a.test:443']}",
                "/targets/0/resolve | {'target':null,'targets':[{'url':'https://a.test','resolve':'srv'}]}",
                "/targets/0/tls | {'target':null,'targets':[{'url':'https://a.test','tls':{'insecure':true}}]}",
                "/tls           | {'tls':{'insecure':true}}",
                "/tls           | {'tls':{'serverName':'b.test'}}",
                "/hostHeader    | {'hostHeader':'b.test'}",
                "/target        | {'target':'https://b.test','enabled':false}",
            })
    void refusesWhatWouldReachSomebodyElseByAnotherWay(String pointer, String patch) throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':'https://a.test'," + SET + "}");

        assertThat(refused(fixture, patch).problems())
                .extracting(Problem::pointer)
                .containsExactly(pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/health           | {'health':{'port':6666}}",
                "/targets/0/health | {'targets':[{'url':'http://a.test','health':{'port':6666}}]}",
            })
    void refusesAnotherPortForWhatChecksTell(String pointer, String patch) throws Exception {
        RegistryFixture fixture =
                fixture("{'id':'a','targets':['http://a.test'],'health':{'headers':{'Authorization':'${API}'}}}");

        assertThat(refused(fixture, patch).problems())
                .extracting(Problem::pointer)
                .containsExactly(pointer);
    }

    /** A check of a target's own has the route's port, where it says none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'headers':{'Authorization':'${API}'}}",
                "{'path':'/x?${KEY:-y}'}",
            })
    void refusesAnotherPortForWhatATargetsOwnCheckTells(String check) throws Exception {
        RegistryFixture fixture =
                fixture("{'id':'a','targets':['http://b.test',{'url':'http://a.test','health':" + check + "}]}");

        EditRefusedException refused = refused(fixture, "{'health':{'port':6666}}");

        assertThat(refused.problems()).extracting(Problem::pointer).containsExactly("/health");
        assertThat(refused).hasMessageContaining("sends what the file keeps at /targets/1/health/");
        patch(fixture, "{'health':{'interval':'3s'}}");
    }

    @Test
    void refusesTheRoutesPortForACheckThatHadItsOwn() throws Exception {
        String route = "{'id':'a','health':{'port':9000,'headers':{'Authorization':'${API}'}},'targets':";
        RegistryFixture fixture = fixture(route + "[{'url':'http://a.test','health':{'port':9001}}]}");

        EditRefusedException refused = refused(fixture, "{'targets':[{'url':'http://a.test','health':{'rise':2}}]}");

        assertThat(refused.problems()).extracting(Problem::pointer).containsExactly("/targets/0/health");
        assertThat(refused(fixture, "{'targets':['http://a.test']}").problems())
                .extracting(Problem::pointer)
                .containsExactly("/targets/0");
        patch(fixture, "{'health':{'port':6666}}");
    }

    @Test
    void aCheckAsksAnotherPortWhereItTellsNothing() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':3000," + SET + "}");

        patch(fixture, "{'health':{'port':6666}}");

        assertThat(fixture.text()).contains("6666");
    }

    @Test
    void refusesToShowTheClientCertificateToAnother() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':'https://a.test'," + TLS + "}");
        String same = "{'id':'a'," + TLS.replace('"', '\'') + ",";

        assertThat(refused(fixture, "{'target':'https://b.test'}").problems())
                .extracting(Problem::pointer, Problem::message)
                .containsExactly(tuple(
                        "/target",
                        "shows the client certificate of the file to somebody else (expected: the backend as it is, or no"
                                + " certificate beside it; the author may say it in the file itself)"));
        assertThat(refused(fixture, put(same + "'target':'https://b.test'}")).problems())
                .extracting(Problem::pointer)
                .containsExactly("/target");
        assertThat(refused(fixture, put(same + "'targets':['https://a.test','https://b.test']}"))
                        .problems())
                .extracting(Problem::pointer)
                .containsExactly("/targets/1");
        assertThat(refused(fixture, "{'health':{'port':6666}}").problems())
                .extracting(Problem::pointer)
                .containsExactly("/health");
        fixture.registry().update(put(same + "'target':'https://a.test','path':'/x'}"), Precondition.NONE);
        patch(fixture, "{'target':'https://b.test','tls':null}");
    }

    @Test
    void refusesACertificateOfOneTargetForAnother() throws Exception {
        String own = "{'url':'https://a.test'," + TLS + "}";
        String other = "{'url':'https://b.test','tls':{'insecure':true}}";
        RegistryFixture fixture = fixture("{'id':'a','targets':[" + own + "," + other + "]}");

        EditRefusedException refused =
                refused(fixture, "{'targets':[" + own + "," + own.replace("a.test", "b.test") + "]}");

        assertThat(refused.problems()).extracting(Problem::pointer).containsExactly("/targets/1/tls");
        patch(fixture, "{'targets':[3000," + own + "]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'target':6666,'request':{'headers':{'set':{'Authorization':'mine'}}}}",
                "{'target':6666,'request':{'headers':{'set':{'Authorization':null}}}}",
                "{'target':6666,'request':null}",
                "{'target':null,'respond':{'status':404}}",
                "{'enabled':false,'host':'b.localhost','path':'/b','methods':['GET'],'auth':false}",
                "{'target':'http://localhost:3000','retry':{'attempts':2},'timeouts':{'response':'5s'}}",
                "{'target':null,'targets':[{'url':3000,'weight':5,'state':'drain','maxConcurrent':3}]}",
            })
    void takesWhatKeepsEverythingWithItsBackend(String patch) throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':3000," + SET + "}");

        patch(fixture, patch);

        assertThat(fixture.registry().history()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'a','host':'${HOST:-a.test}','target':3000}",
                "{'id':'a','metadata':{'x':'${API}'},'target':3000}",
                "{'id':'a','response':{'headers':{'set':{'X-A':'${API}'}}},'target':3000}",
                "{'id':'a','timeouts':{'response':'${T:-5s}'},'target':3000}",
                "{'id':'a','target':'${API}'}",
                "{'id':'a','target':'http://localhost:${PORT:-3000}/${API:-secret}'}",
            })
    void takesAnotherTargetWhereNothingGoesWithIt(String route) throws Exception {
        RegistryFixture fixture = fixture(route);

        patch(fixture, "{'target':6666}");

        assertThat(fixture.text()).contains("6666");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'target':'https://hooks.test/${API:-secret}'",
                "'target':'https://hooks.test/x?key=${API:-secret}'",
                "'target':'https://hooks.test/${KEY:-secret}/x'",
                "'target':'${KEY:-https://hooks.test/secret}'",
                "'targets':['https://hooks.test/${API:-secret}']",
                "'targets':[{'url':'https://hooks.test/${API:-secret}'}]",
            })
    void aSecretOfAnAddressGoesToNoOtherSiteAtIt(String target) throws Exception {
        RegistryFixture fixture = fixture("{'id':'a'," + target + "}");

        EditRefusedException host = refused(fixture, "{'hostHeader':'b.test'}");
        EditRefusedException tls = refused(fixture, "{'tls':{'insecure':true}}");

        assertThat(host.problems()).extracting(Problem::pointer).containsExactly("/hostHeader");
        assertThat(tls.problems()).extracting(Problem::pointer).containsExactly("/tls");
        assertThat(host).hasMessageContaining("sends what the file keeps at /target");
        patch(fixture, "{'health':{'port':6666},'host':'b.localhost','timeouts':{'response':'5s'},'enabled':false}");
        patch(fixture, "{'target':'https://hooks.test/mine','targets':null,'hostHeader':'b.test'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost:${PORT:-3000}",
                "https://${HOST:-a.test}/api/",
                "https://${HOST:-a.test}:${PORT:-3000}/api/?v=1",
                "${URL:-https://a.test}",
                "${URL:-https://a.test}/api",
            })
    void whereATargetIsItsHostKnowsOfItself(String target) throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':'" + target + "'}");

        patch(fixture, "{'hostHeader':'b.test'}");
        patch(fixture, "{'tls':{'insecure':true}}");

        assertThat(fixture.registry().history()).hasSize(2);
    }

    @Test
    void whatOneTargetIsSentHoldsNoOther() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','targets':[{'url':'https://a.test/${API:-secret}',"
                + "'tls':{'serverName':'a.test'}},'https://b.test']}");

        patch(fixture, "{'tls':{'insecure':true}}");

        assertThat(refused(fixture, "{'hostHeader':'b.test'}").problems())
                .extracting(Problem::pointer)
                .containsExactly("/hostHeader");
    }

    @Test
    void targetsMayGoAndMove() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','targets':[3000,3001,3002]," + SET + "}");

        patch(fixture, "{'targets':[3002,{'url':3000,'weight':2}]}");
        patch(fixture, "{'targets':null,'target':3002}");

        assertThat(refused(fixture, "{'target':3001}").problems())
                .extracting(Problem::pointer)
                .containsExactly("/target");
    }

    @Test
    void theObjectFormIsNoWayRound() throws Exception {
        RegistryFixture fixture =
                RegistryFixture.over(file(), RegistryFixture.file(json("{'/a':{'id':'a','target':3000," + SET + "}}")));

        assertThat(refused(fixture, "{'target':6666}").problems())
                .extracting(Problem::pointer)
                .containsExactly("/target");
    }

    @Test
    void aLeaseIsNoWayRound() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':3000," + SET + "}");

        LeaseRequest lease = new LeaseRequest("a", object("{'target':6666}"), Duration.ofSeconds(30), null);
        EditRefusedException refused = catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().lease(lease, Precondition.NONE));

        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
    }

    @Test
    void anotherIdHasNoneOfIt() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':'https://a.test'," + SET + "," + TLS + "}");

        RouteEdit placeholder = new RouteEdit.Put("b", object("{'target':6666," + SET + "}"));
        RouteEdit file = new RouteEdit.Put("b", object("{'path':'/b','target':'https://b.test'," + TLS + "}"));

        assertThat(refused(fixture, placeholder)).hasMessageContaining("placeholder");
        assertThat(refused(fixture, file)).hasMessageContaining("is a file");
    }

    /** Taking back puts a secret back beside the target that it had, or nowhere. */
    @Test
    void takingBackIsNoWayRound() throws Exception {
        RegistryFixture fixture = fixture("{'id':'a','target':3000," + SET + "}");
        patch(fixture, "{'request':null}");
        patch(fixture, "{'target':6666}");

        assertThat(undo(fixture, 1)).hasMessageContaining("others have changed after it");

        fixture.registry().update(new RouteEdit.Remove("a"), Precondition.NONE);
        fixture.registry().update(put("{'id':'a','target':7777}"), Precondition.NONE);
        assertThat(undo(fixture, 3)).hasMessageContaining("others have changed after it");
        assertThat(fixture.text()).doesNotContain("${API}");
    }

    /** Files are known by their names here: what they hold may change at any time. */
    @Test
    void aNewCertificateInTheSameFileIsNoOtherBackend() throws Exception {
        Path certificate = folder.resolve("own.pem");
        Path key = folder.resolve("own.key");
        copy(TestCertificates.CLIENT, certificate, key);
        RegistryFixture fixture = fixture("{'id':'a','target':'https://a.test',"
                + TLS.replace("CERT", certificate.toString()).replace("KEY", key.toString()) + "}");

        copy(TestCertificates.EXAMPLE, certificate, key);
        patch(fixture, "{'enabled':false}");

        assertThat(fixture.text()).contains("false");
    }

    private static void copy(String alias, Path certificate, Path key) throws Exception {
        Files.copy(TestCertificates.certificate(alias), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(TestCertificates.key(alias), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file() {
        return folder.resolve("config.json");
    }

    private RegistryFixture fixture(String route) throws Exception {
        return RegistryFixture.over(file(), RegistryFixture.file(json("[" + route + "]")));
    }

    private static RouteEdit put(String route) throws Exception {
        return new RouteEdit.Put("a", object(route));
    }

    private static void patch(RegistryFixture fixture, String patch) throws Exception {
        fixture.registry().update(new RouteEdit.Patch("a", object(patch)), Precondition.NONE);
    }

    private static EditRefusedException refused(RegistryFixture fixture, String patch) throws Exception {
        return refused(fixture, new RouteEdit.Patch("a", object(patch)));
    }

    private static EditRefusedException refused(RegistryFixture fixture, RouteEdit edit) {
        return catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().update(edit, Precondition.NONE));
    }

    private static EditRefusedException undo(RegistryFixture fixture, long change) {
        return catchThrowableOfType(
                EditRefusedException.class, () -> fixture.registry().undo(change, Precondition.NONE, null));
    }

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) MAPPER.readTree(json(json));
    }

    private static String json(String text) {
        return text.replace('\'', '"')
                .replace(
                        "CERT",
                        TestCertificates.certificate(TestCertificates.CLIENT).toString())
                .replace(
                        "\"KEY\"",
                        '"' + TestCertificates.key(TestCertificates.CLIENT).toString() + '"');
    }
}
