package dev.portway.cli;

import dev.portway.AbsentPort;
import dev.portway.Origin;
import dev.portway.ProxyHarness;
import org.junit.jupiter.api.Test;

/** The page that a browser gets while nothing listens at a backend, in a real one. */
final class ReloadingPageIT {

    @Test
    void becomesTheRealOneByItself() throws Exception {
        try (AbsentPort absent = AbsentPort.take();
                ProxyHarness proxy = ProxyHarness.withRoutes(
                        "[ { \"id\": \"held\", \"target\": \"" + absent.url() + "\", \"waitForBackend\": \"1h\" } ]");
                Browser browser =
                        Browser.openOrSkip(proxy.proxy().resolve("/page?a=1").toString())) {
            browser.awaitTrue("document.body && document.body.textContent.includes('" + absent.number() + "')");

            try (Origin back = Origin.on(
                    "127.0.0.1",
                    absent.number(),
                    exchange -> exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nit is back"))) {
                browser.awaitTrue("document.body && document.body.textContent.includes('it is back')");
                browser.awaitTrue("location.search === '?a=1'");
            }
        }
    }
}
