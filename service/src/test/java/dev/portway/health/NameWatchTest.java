package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.portway.NameServer;
import dev.portway.config.Resolve;
import dev.portway.config.TargetConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import dev.portway.routing.NameBook.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NameWatchTest {

    private static final String SERVICE = "_http._tcp.app.test";

    private final NameServer server = NameServer.start();
    private final DnsClient dns = new DnsClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    private final NameLookup names = new NameLookup(dns);
    private final NameWatch watch = new NameWatch(names, dns, Duration.ofMillis(10));
    private final Logger log = (Logger) LoggerFactory.getLogger(NameWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void start() {
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
        log.setLevel(null);
        watch.stop();
        names.stop();
        server.close();
    }

    @Test
    void keepsWhatItKnowsAndSaysOnceThatAskingFailsAndOnceThatItGoesWellAgain() {
        server.says(SERVICE, "SRV", "0 1 8080 a.test.");
        watch(SERVICE, Resolve.SRV);
        Place place = new Place("a.test", 8080, 1);
        assertThat(watch.placesOf(SERVICE, Resolve.SRV)).containsExactly(place);

        server.fail(true);
        askedAgain();
        assertThat(watch.placesOf(SERVICE, Resolve.SRV)).containsExactly(place);
        server.fail(false);
        askedAgain();

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(SERVICE + " stands for a.test:8080"),
                        second -> assertThat(second)
                                .startsWith(SERVICE + " cannot be looked up, and goes on standing for a.test:8080: "),
                        third -> assertThat(third).isEqualTo(SERVICE + " can be looked up again"));
    }

    @Test
    void tellsOfAnotherAnswerAndOfNoneThatIsTheSame() {
        AtomicInteger told = new AtomicInteger();
        watch.onChange(told::incrementAndGet);
        server.says(SERVICE, "SRV", "0 1 8080 a.test.", "0 1 8081 b.test.");
        watch(SERVICE, Resolve.SRV);

        server.says(SERVICE, "SRV", "0 1 8081 b.test.", "0 1 8080 a.test.");
        askedAgain();
        assertThat(told).hasValue(1);

        server.says(SERVICE, "SRV", "0 1 8080 a.test.");
        await().untilAsserted(() -> assertThat(told).hasValue(2));
    }

    @Test
    void asksTheConfiguredServerForAddressesOfBothFamilies() {
        server.says("app.test", "A", "192.0.2.1").says("app.test", "AAAA", "2001:db8::1");

        watch("app.test", Resolve.ALL);

        assertThat(watch.placesOf("app.test", Resolve.ALL))
                .containsExactly(Place.at("192.0.2.1"), Place.at("2001:db8::1"));
    }

    @Test
    void takesTheAddressesOfOneFamilyWhereTheOtherHasNone() {
        server.says("app.test", "AAAA", "2001:db8::1");

        watch("app.test", Resolve.ALL);

        assertThat(watch.placesOf("app.test", Resolve.ALL)).containsExactly(Place.at("2001:db8::1"));
    }

    private void watch(String name, Resolve resolve) {
        var target = new TargetConfig(
                new TargetUrl("http", name, 80, "", null),
                1,
                TargetState.UP,
                null,
                TargetConfig.ANY_NUMBER,
                null,
                Duration.ZERO,
                null,
                resolve);
        watch.tableChanged(new Tables().of(Tables.route("service", null, List.of(target))));
        watch.start();
    }

    /** Several times, the answer to the first of which has been taken up. */
    private void askedAgain() {
        int asked = server.asked();
        await().until(() -> server.asked() > asked + 4);
    }
}
