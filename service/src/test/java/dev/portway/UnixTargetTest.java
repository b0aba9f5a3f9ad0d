package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backends that listen on a unix socket. */
final class UnixTargetTest {

    @Test
    void areSentRequestsLikeAnyOtherAndTheHostLocalhost() throws Exception {
        try (Origin origin = Origin.replying(200, "from the socket");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"" + socket.url() + "\"}")) {

            HttpResponse<String> answer = proxy.get("/a%2Fb?c=d");

            assertThat(answer.body()).isEqualTo("from the socket");
            Origin.Received request = origin.take();
            assertThat(request.target()).isEqualTo("/a%2Fb?c=d");
            assertThat(request.field("Host")).isEqualTo("localhost");
        }
    }

    @Test
    void areSentTheHostThatTheRouteNames() throws Exception {
        try (Origin origin = Origin.replying(200, "");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[{\"target\": \"" + socket.url() + "\", \"hostHeader\": \"app.example\"}]")) {

            proxy.get("/");

            assertThat(origin.take().field("Host")).isEqualTo("app.example");
        }
    }

    @Test
    void areToldOfByTheirPathWhereThereIsNoSocket(@TempDir Path folder) throws Exception {
        Path nowhere = folder.resolve("nowhere.sock");
        try (ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"unix:" + nowhere + "\"}")) {

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("the socket " + nowhere + " could not be opened: No such file");
        }
    }

    @Test
    void areToldToRefuseWhereNobodyListensAnyMore() throws Exception {
        try (Origin origin = Origin.replying(200, "");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"" + socket.url() + "\"}")) {
            socket.close();
            assertThat(Files.exists(socket.path())).isTrue();

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains(socket.path() + " refused the connection");
        }
    }

    @Test
    void areToldOfWhereTheirSocketMayNotBeOpened() throws Exception {
        try (Origin origin = Origin.replying(200, "");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"" + socket.url() + "\"}")) {
            Files.setPosixFilePermissions(socket.path(), Set.of());
            assumeThat(proxy.get("/").statusCode()).as("whoever is root may").isNotEqualTo(200);

            HttpResponse<String> answer = proxy.get("/");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("the socket " + socket.path() + " could not be opened: Permission denied");
        }
    }

    @Test
    void areCheckedOverTheirSocket() throws Exception {
        try (Origin origin = Origin.replying(503, "");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("[{\"target\": \"" + socket.url()
                        + "\", \"health\": {\"path\": \"/up\", \"interval\": \"100ms\", \"fall\": 1}}]")) {

            await().until(() ->
                    proxy.admin("GET", "/backends/app.sock", null).body().contains("answered 503"));

            assertThat(origin.take().target()).isEqualTo("/up");
        }
    }

    @Test
    void areSeenToBeGoneWithoutACheckOfTheirOwn() throws Exception {
        try (Origin origin = Origin.replying(200, "");
                UnixOrigin socket = UnixOrigin.before(origin);
                ProxyHarness proxy = ProxyHarness.withRoutes("{\"/\": \"" + socket.url() + "\"}")) {
            await().until(() ->
                    proxy.admin("GET", "/backends/app.sock", null).body().contains("accepts connections"));

            assertThat(proxy.admin("GET", "/backends/app.sock", null).body()).contains("\"" + socket.url() + "\"");
        }
    }
}
