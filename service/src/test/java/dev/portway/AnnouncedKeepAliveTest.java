package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Backends that say how long they keep an idle connection. */
final class AnnouncedKeepAliveTest {

    @Test
    void areNotHeldToAConnectionTheyAreAboutToClose() throws Exception { // behaviour 83
        CompletableFuture<Integer> next = new CompletableFuture<>();
        try (Origin origin = Origin.answering(exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nhi");
                    next.complete(exchange.in().read());
                });
                ProxyHarness proxy = ProxyHarness.routing("/", origin)) {

            assertThat(proxy.get("/").body()).isEqualTo("hi");

            // The pool would have kept it for a minute and a half.
            assertThat(next.get(10, TimeUnit.SECONDS))
                    .as("the end of the connection")
                    .isEqualTo(-1);
            assertThat(proxy.get("/").body()).isEqualTo("hi");
        }
    }
}
