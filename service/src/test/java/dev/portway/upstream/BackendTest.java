package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.config.HealthConfig;
import dev.portway.config.TargetUrl;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class BackendTest {

    private final BackendPool pool = new BackendPool(InstantSource.fixed(Instant.EPOCH));

    @Test
    void countsTheRequestsInFlightUpToALimit() {
        Backend backend = backend(3000);

        assertThat(backend.begin(2)).isTrue();
        assertThat(backend.begin(2)).isTrue();
        assertThat(backend.begin(2)).isFalse();
        assertThat(backend.inFlight()).isEqualTo(2);
        assertThat(backend.requests()).isEqualTo(2);

        backend.end();
        assertThat(backend.begin(2)).isTrue();
        assertThat(backend.requests()).isEqualTo(3);
    }

    @Test
    void remembersItsLastFailure() {
        Backend backend = backend(3000);

        backend.recordFailure("refused", Instant.EPOCH);

        assertThat(backend.failures()).isEqualTo(1);
        assertThat(backend.lastFailure()).isEqualTo(new Backend.Failure("refused", Instant.EPOCH));
    }

    @Test
    void beginsUnknownWhichCountsAsWell() {
        Backend backend = backend(3000);

        assertThat(backend.condition()).isEqualTo(new Condition(Condition.Health.UNKNOWN, Instant.EPOCH, null));
        assertThat(backend.available()).isTrue();
    }

    @Test
    void isOneForOneAddressAndCheckAsLongAsItIsUsed() {
        Backend first = backend(3000);

        assertThat(backend(3000)).isSameAs(first);
        pool.release(first);
        assertThat(backend(3000)).isSameAs(first);
        pool.release(first);
        pool.release(first);

        assertThat(pool.backends()).isEmpty();
        assertThat(backend(3000)).isNotSameAs(first);
    }

    @Test
    void hasAnIdOfItsOwnWhereAnAddressIsSharedByChecks() {
        TargetUrl url = TargetUrl.ofPort(3000);

        Backend plain = pool.retain(new Backend.Identity(url, null, null, null));
        Backend checked = pool.retain(new Backend.Identity(url, null, null, HealthConfig.DEFAULT));
        Backend six = pool.retain(new Backend.Identity(new TargetUrl("http", "::1", 80, "", null), null, null, null));

        assertThat(plain.id()).isEqualTo("localhost:3000");
        assertThat(checked.id()).isEqualTo("localhost:3000~2");
        assertThat(six.id()).isEqualTo("[::1]:80");
    }

    @Test
    void cannotBeGivenBackTwice() {
        Backend backend = backend(3000);
        pool.release(backend);

        assertThatThrownBy(() -> pool.release(backend)).isInstanceOf(IllegalStateException.class);
    }

    private Backend backend(int port) {
        return pool.retain(new Backend.Identity(TargetUrl.ofPort(port), null, null, null));
    }
}
