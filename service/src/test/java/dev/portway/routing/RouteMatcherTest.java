package dev.portway.routing;

import static dev.portway.routing.AskedRequest.get;
import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteMatcherTest {

    @Test
    void takesNoRouteWhereNoneFits() {
        RouteTable table = written().with(route("a").host("a.test").path("/a")).table();

        assertThat(table.match(get("b.test", "/a"))).isNull();
        assertThat(table.match(get("a.test", "/b"))).isNull();
        assertThat(table.match(get("", "/a"))).isNull();
    }

    @Test
    void fallsToTheDefault() {
        RouteTable table =
                written().with(route("a").host("a.test")).fallback(3000).table();

        assertThat(idOf(table, get("b.test", "/"))).isEqualTo(Route.DEFAULT_ID);
        assertThat(idOf(table, get("a.test", "/"))).isEqualTo("a");
    }

    @Test
    void prefersTheExactHostThenTheLongestWildcardThenNoHost() {
        RouteTable table = written()
                .with(
                        route("none"),
                        route("short").host("*.test"),
                        route("long").host("*.a.test"),
                        route("exact").host("b.a.test"))
                .table();

        assertThat(idOf(table, get("b.a.test", "/"))).isEqualTo("exact");
        assertThat(idOf(table, get("c.a.test", "/"))).isEqualTo("long");
        assertThat(idOf(table, get("c.b.a.test", "/"))).isEqualTo("long");
        assertThat(idOf(table, get("a.test", "/"))).isEqualTo("short");
        assertThat(idOf(table, get("test", "/"))).isEqualTo("none");
        assertThat(idOf(table, get("", "/"))).isEqualTo("none");
    }

    @Test
    void takesSubdomainsOfAnyDepthByAWildcardButNotTheNameItself() {
        RouteTable table = written().with(route("w").host("*.a.test")).table();

        assertThat(idOf(table, get("x.a.test", "/"))).isEqualTo("w");
        assertThat(idOf(table, get("z.y.x.a.test", "/"))).isEqualTo("w");
        assertThat(table.match(get("a.test", "/"))).isNull();
        assertThat(table.match(get(".a.test", "/"))).isNull();
        assertThat(table.match(get("xa.test", "/"))).isNull();
        assertThat(table.match(get("x.a.test.", "/"))).isNull();
    }

    @Test
    void servesEveryHostOfARoute() {
        RouteTable table =
                written().with(route("r").host("a.test", "*.b.test", "::1")).table();

        assertThat(idOf(table, get("a.test", "/"))).isEqualTo("r");
        assertThat(idOf(table, get("x.b.test", "/"))).isEqualTo("r");
        assertThat(idOf(table, get("::1", "/"))).isEqualTo("r");
    }

    @Test
    void prefersTheLongestPathOnSegmentBoundaries() {
        RouteTable table = written()
                .with(route("root"), route("v1").path("/v1"), route("users").path("/v1/users"))
                .table();

        assertThat(idOf(table, get("", "/v1/users/7"))).isEqualTo("users");
        assertThat(idOf(table, get("", "/v1/users"))).isEqualTo("users");
        assertThat(idOf(table, get("", "/v1/users2"))).isEqualTo("v1");
        assertThat(idOf(table, get("", "/v1"))).isEqualTo("v1");
        assertThat(idOf(table, get("", "/v1/"))).isEqualTo("v1");
        assertThat(idOf(table, get("", "/v10"))).isEqualTo("root");
        assertThat(idOf(table, get("", "/v"))).isEqualTo("root");
        assertThat(idOf(table, get("", "/"))).isEqualTo("root");
        assertThat(idOf(table, get("", "*"))).isEqualTo("root");
    }

    @Test
    void climbsFromSegmentsThatLeadNowhere() {
        RouteTable table = written()
                .with(route("a").path("/a"), route("deep").path("/a/b/c/d"))
                .table();

        assertThat(idOf(table, get("", "/a/b/c/d/e"))).isEqualTo("deep");
        assertThat(idOf(table, get("", "/a/b/c/x"))).isEqualTo("a");
        assertThat(idOf(table, get("", "/a/b"))).isEqualTo("a");
        assertThat(table.match(get("", "/b"))).isNull();
    }

    @Test
    void saysNothingByASlashAtTheEndOfAPath() {
        RouteTable table = written().with(route("v1").path("/v1/")).table();

        assertThat(idOf(table, get("", "/v1"))).isEqualTo("v1");
        assertThat(idOf(table, get("", "/v1/"))).isEqualTo("v1");
        assertThat(idOf(table, get("", "/v1/x"))).isEqualTo("v1");
        assertThat(table.match(get("", "/v1x"))).isNull();
    }

    @Test
    void keepsEmptySegmentsAndEscapesApart() {
        RouteTable table = written()
                .with(
                        route("empty").path("/a//b"),
                        route("escaped").path("/a%2Fb"),
                        route("plain").path("/a/b"))
                .table();

        assertThat(idOf(table, get("", "/a//b/c"))).isEqualTo("empty");
        assertThat(idOf(table, get("", "/a%2Fb/c"))).isEqualTo("escaped");
        assertThat(idOf(table, get("", "/a/b/c"))).isEqualTo("plain");
        assertThat(table.match(get("", "//a/b"))).isNull();
    }

    @Test
    void prefersMoreConditionsThenTheOrderOfTheFile() {
        RouteTable table = written()
                .with(
                        route("any").path("/a"),
                        route("any2").path("/a"),
                        route("get").path("/a").methods("GET", "HEAD"),
                        route("both").path("/a").methods("GET").header("X-Beta", "1"))
                .table();

        assertThat(idOf(table, get("", "/a"))).isEqualTo("get");
        assertThat(idOf(table, get("", "/a").header("x-beta", "1"))).isEqualTo("both");
        assertThat(idOf(table, get("", "/a").header("x-beta", "2"))).isEqualTo("get");
        assertThat(idOf(table, get("", "/a").method("POST"))).isEqualTo("any");
        assertThat(idOf(table, get("", "/a").method("get"))).isEqualTo("any");
    }

    @Test
    void takesAnyValueOfAHeaderWrittenAsAStar() {
        RouteTable table = written().with(route("r").header("X-Debug", "*")).table();

        assertThat(idOf(table, get("", "/").header("x-debug", ""))).isEqualTo("r");
        assertThat(idOf(table, get("", "/").header("x-debug", "yes"))).isEqualTo("r");
        assertThat(table.match(get("", "/"))).isNull();
    }

    @Test
    void triesAShorterPathWhereTheLongerOnesConditionsDoNotHold() {
        RouteTable table = written()
                .with(route("write").path("/a/b").methods("POST"), route("read").path("/a"))
                .table();

        assertThat(idOf(table, get("", "/a/b"))).isEqualTo("read");
        assertThat(idOf(table, get("", "/a/b").method("POST"))).isEqualTo("write");
    }

    @Test
    void triesLessSpecificHostsWhereAHostsOwnRoutesDoNotFit() {
        RouteTable table = written()
                .with(
                        route("exact").host("x.a.test").path("/only"),
                        route("long").host("*.a.test").path("/long"),
                        route("short").host("*.test").methods("PUT"),
                        route("none").path("/none"))
                .fallback(3000)
                .table();

        assertThat(idOf(table, get("x.a.test", "/only"))).isEqualTo("exact");
        assertThat(idOf(table, get("x.a.test", "/long"))).isEqualTo("long");
        assertThat(idOf(table, get("x.a.test", "/x").method("PUT"))).isEqualTo("short");
        assertThat(idOf(table, get("x.a.test", "/none"))).isEqualTo("none");
        assertThat(idOf(table, get("x.a.test", "/x"))).isEqualTo(Route.DEFAULT_ID);
    }

    @Test
    void prefersTheHostToThePath() {
        RouteTable table = written()
                .with(route("path").path("/a/b/c"), route("host").host("a.test"))
                .table();

        assertThat(idOf(table, get("a.test", "/a/b/c"))).isEqualTo("host");
    }

    @Test
    void passesOverDisabledRoutes() {
        RouteTable table =
                written().with(route("off").path("/a").disabled(), route("on")).table();

        assertThat(idOf(table, get("", "/a"))).isEqualTo("on");
        assertThat(table.routes()).extracting(Route::id).containsExactly("off", "on");
        assertThat(table.route("off")).isPresent();
    }

    private static @Nullable String idOf(RouteTable table, RouteRequest request) {
        Route route = table.match(request);
        return route == null ? null : route.id();
    }
}
