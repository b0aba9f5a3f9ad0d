package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.Portway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a running proxy, in this process. */
@Timeout(60)
class RouteCommandsTest {

    private static Portway proxy;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        proxy = Portway.builder().admin(0).start();
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @AfterEach
    void forget() {
        proxy.routeIds().forEach(proxy::removeRoute);
    }

    @Test
    void leasesARouteForATime() {
        assertThat(fine("route", "add", "job.localhost", "4100", "--ttl", "5m", "--owner", "nightly"))
                .startsWith("http://job.localhost:");

        assertThat(fine("route", "list"))
                .contains("job.localhost\tjob.localhost\t")
                .contains("lease of nightly");
        assertThat(fine("route", "add", "job.localhost", "4200", "--ttl", "5m", "--owner", "nightly"))
                .isNotEmpty();
        assertThat(fine("route", "show", "job.localhost")).contains("4200");
        assertThat(failed("route", "add", "job.localhost", "4300", "--ttl", "5m"))
                .contains("nightly");
        assertThat(fine("route", "remove", "job.localhost")).isEmpty();
        assertThat(fine("route", "list")).isEmpty();
    }

    @Test
    void statusTellsWhoseLeasesThereAreAndUntilWhenTheNextToEndFirst() {
        fine("route", "add", "b.localhost", "2");
        assertThat(fine("status")).contains("leases    none\n");
        fine("route", "add", "job.localhost", "4100", "--ttl", "5m", "--owner", "nightly");
        fine("route", "add", "a.localhost", "4200", "--ttl", "50s");

        assertThat(fine("status")).contains("routes    3\n").containsPattern("""
                        leases    2
                         {10}a\\.localhost of proxy, (50|49|48) s left, until 20\\S+Z
                         {10}job\\.localhost of nightly, (5 min 0|4 min 5\\d) s left, until 20\\S+Z
                        file """);
        assertThat(fine("status", "--json"))
                .containsPattern(
                        "\"leases\" : \\[ \\{\\s+\"route\" : \"a\\.localhost\",\\s+\"owner\" : \"proxy\",\\s+\"expires\" : ");
    }

    @Test
    void statusListsTenLeasesAndCountsTheRest() {
        for (int i = 10; i < 22; i++) {
            fine("route", "add", "r" + i + ".localhost", "1", "--ttl", i + "m");
        }

        assertThat(fine("status"))
                .contains("leases    12\n", "r19.localhost of proxy", "and 2 that last longer; see: ./proxy route list")
                .doesNotContain("r20.localhost of");
    }

    @Test
    void saysWhatItHasRemovedAsJson() {
        fine("route", "add", "a.localhost", "1");
        fine("route", "add", "b.localhost", "2");

        assertThat(fine("route", "remove", "a.localhost", "b.localhost", "--json"))
                .isEqualToNormalizingNewlines("[ \"a.localhost\", \"b.localhost\" ]\n");
    }

    @Test
    void showsTheSameToPeopleAndToScripts() {
        fine("route", "add", "a.localhost/v1", "3001");

        assertThat(fine("route", "list")).contains("a.localhost-v1\ta.localhost/v1\thttp://localhost:3001\t");
        assertThat(fine("route", "list", "--json")).startsWith("[ {").contains("\"id\" : \"a.localhost-v1\"");
        assertThat(fine("route", "show", "a.localhost-v1")).contains("path\t/v1");
        assertThat(fine("route", "show", "a.localhost-v1", "--json")).contains("\"path\" : \"/v1\"");
        assertThat(fine("explain", "a.localhost/v1/x")).startsWith("a.localhost/v1/x takes a.localhost-v1");
        assertThat(fine("explain", "a.localhost/v1/x", "--json")).contains("\"route\" : \"a.localhost-v1\"");
        assertThat(fine("status")).contains("routes    1");
        assertThat(fine("status", "--json")).startsWith("{").contains("\"status\" : {", "\"backends\" : [");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "route add x.localhost 1 --ttl soon",
                "route add x.localhost 1 --ttl 10ms",
                "route add x.localhost 1 --owner me",
                "route add x.localhost 1 --id x --replace --ttl 5s"
            })
    void saysHowItIsUsedWrongly(String command) {
        Shell shell = shell();

        assertThat(shell.run(command.split(" ", -1))).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("--ttl");
    }

    private String fine(String... arguments) {
        Shell shell = shell();
        assertThat(shell.run(arguments)).as(shell.err()).isZero();
        return shell.out();
    }

    private String failed(String... arguments) {
        Shell shell = shell();
        assertThat(shell.run(arguments)).isEqualTo(CommandLineTool.FAILED);
        assertThat(shell.err().lines()).hasSize(1);
        return shell.err();
    }

    private Shell shell() {
        return Shell.in(directory)
                .with("PORTWAY_ADMIN", proxy.adminUrl().orElseThrow().toString());
    }
}
