package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameLookupTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile InetAddress answer = Loopback.V4;
    private volatile boolean failing;
    private final NameLookup names = new NameLookup(this::answer, now::get);

    @AfterEach
    void stop() {
        names.stop();
    }

    @Test
    void holdsAnAnswerForTenSecondsAndThenFindsWhatHasMoved() {
        assertThat(lookedUp()).containsExactly(Loopback.V4);
        answer = Loopback.V6;

        pass(Duration.ofMillis(9_999));
        assertThat(lookedUp()).containsExactly(Loopback.V4);
        pass(Duration.ofMillis(1));
        assertThat(lookedUp()).containsExactly(Loopback.V6);
        assertThat(asked).hasValue(2);
    }

    @Test
    void keepsTheLastAnswerWhileAskingFails() {
        assertThat(lookedUp()).containsExactly(Loopback.V4);
        failing = true;

        pass(Duration.ofSeconds(60));

        assertThat(lookedUp()).containsExactly(Loopback.V4);
        assertThat(asked).hasValue(2);
        pass(Duration.ofMillis(999));
        assertThat(lookedUp()).containsExactly(Loopback.V4);
        assertThat(asked).as("asked again within a second").hasValue(2);
    }

    @Test
    void asksAgainForAnUnknownNameAfterASecond() {
        failing = true;
        assertUnknown();
        failing = false;

        assertUnknown();
        pass(Duration.ofSeconds(1));

        assertThat(lookedUp()).containsExactly(Loopback.V4);
        assertThat(asked).hasValue(2);
    }

    private void assertUnknown() {
        assertThatThrownBy(this::lookedUp)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    private List<InetAddress> lookedUp() {
        return names.addressesOf("backend.test", PATIENT).join();
    }

    private void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    private InetAddress[] answer(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (failing) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {answer};
    }
}
