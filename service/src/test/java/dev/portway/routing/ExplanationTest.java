package dev.portway.routing;

import static dev.portway.routing.WrittenTable.route;
import static dev.portway.routing.WrittenTable.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import dev.portway.routing.Explanation.Destination;
import dev.portway.routing.Explanation.PassedOver;
import dev.portway.routing.Explanation.Reason;
import dev.portway.upstream.Condition;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    @Test
    void saysWhyEveryOtherRouteIsPassedOver() {
        RouteTable table = written()
                .with(
                        route("off").path("/v1").disabled(),
                        route("otherHost").host("b.test", "*.c.test"),
                        route("otherPath").host("a.test").path("/v2"),
                        route("otherMethod").path("/v1").methods("PUT", "POST"),
                        route("missing").path("/v1").header("X-Beta", "*"),
                        route("otherValue").path("/v1").header("X-Team", "secret"),
                        route("anyHost").path("/v1/users"),
                        route("wildcard").host("*.test").path("/v1"),
                        route("shorter").host("a.test").path("/"),
                        route("fewer").host("a.test").path("/v1"),
                        route("taken").host("a.test").path("/v1").methods("GET"),
                        route("later").host("a.test").path("/v1").methods("GET", "HEAD"))
                .table();

        Explanation explanation =
                table.explain(SampleRequest.of("GET", "http://A.test:8080/v1/users", Map.of("x-team", "mine")));

        assertThat(explanation.routeId()).isEqualTo("taken");
        assertThat(explanation.host()).isEqualTo("a.test");
        assertThat(explanation.path()).isEqualTo("/v1/users");
        assertThat(explanation.passedOver())
                .containsExactly(
                        new PassedOver("off", Reason.DISABLED, "it is disabled"),
                        new PassedOver("otherHost", Reason.HOST, "it serves the host b.test, *.c.test and not a.test"),
                        new PassedOver("otherPath", Reason.PATH, "it serves the path /v2 and not /v1/users"),
                        new PassedOver("otherMethod", Reason.METHOD, "it serves PUT, POST and not GET"),
                        new PassedOver("missing", Reason.HEADER, "the header X-Beta is missing"),
                        new PassedOver("otherValue", Reason.HEADER, "the header X-Team has another value"),
                        new PassedOver("anyHost", Reason.LESS_SPECIFIC, "taken names the host more closely"),
                        new PassedOver("wildcard", Reason.LESS_SPECIFIC, "taken names the host more closely"),
                        new PassedOver("shorter", Reason.LESS_SPECIFIC, "taken has the longer path"),
                        new PassedOver("fewer", Reason.LESS_SPECIFIC, "taken has more conditions"),
                        new PassedOver("later", Reason.LATER, "taken stands before it in the file"));
    }

    @Test
    void namesTheDefaultWhereNoRouteFits() {
        Explanation explanation = written()
                .with(route("a").host("a.test"))
                .fallback(9)
                .table()
                .explain(SampleRequest.of("GET", "/x?y", Map.of()));

        assertThat(explanation.routeId()).isEqualTo(Route.DEFAULT_ID);
        assertThat(explanation.passedOver())
                .containsExactly(new PassedOver(
                        "a", Reason.HOST, "it serves the host a.test and not a request that names none"));
        assertThat(explanation.destinations()).extracting(Destination::url).containsExactly("http://localhost:9/x?y");
    }

    @Test
    void namesNothingWhereThereIsNoDefaultEither() {
        Explanation explanation = written().table().explain(SampleRequest.of("GET", "/x", Map.of()));

        assertThat(explanation.routeId()).isNull();
        assertThat(explanation.destinations()).isEmpty();
    }

    @Test
    void showsWhatWouldBeSentToEachTarget() {
        var tls = new TargetUrl("https", "api.example.com", 443, "/base%2F", "k=1");
        var plain = new TargetUrl("http", "127.0.0.1", 3001, "", null);

        Explanation explanation = written()
                .with(route("a").targets(TargetConfig.of(tls), new TargetConfig(plain, 1, TargetState.DRAIN, null)))
                .table()
                .explain(SampleRequest.of("GET", "http://web.localhost:8080/%61/../%2f?q=%20", Map.of()));

        assertThat(explanation.destinations())
                .containsExactly(
                        new Destination(
                                "api.example.com:443",
                                "https://api.example.com:443",
                                "/base%2F/%2f?q=%20",
                                "api.example.com",
                                true),
                        new Destination(
                                "127.0.0.1:3001", "http://127.0.0.1:3001", "/%2f?q=%20", "web.localhost:8080", false));
    }

    @Test
    void tellsWhichTargetsLoadBalancingMayChoose() {
        RouteTable table = written().with(route("a").targets(1, 2)).table();
        table.routes()
                .get(0)
                .upstream()
                .targets()
                .get(0)
                .backend()
                .condition(new Condition(Condition.Health.DOWN, Instant.EPOCH, "test"));

        assertThat(table.explain(SampleRequest.of("GET", "/", Map.of())).destinations())
                .extracting(Destination::candidate)
                .containsExactly(false, true);
    }

    @Test
    void sendsTheAsteriskToTheOrigin() {
        Explanation explanation = written()
                .with(route("a").targets(TargetConfig.of(new TargetUrl("http", "localhost", 1, "/base", null))))
                .table()
                .explain(SampleRequest.of("OPTIONS", "*", Map.of()));

        assertThat(explanation.destinations())
                .extracting(Destination::requestTarget, Destination::url)
                .containsExactly(tuple("*", "http://localhost:1"));
    }
}
