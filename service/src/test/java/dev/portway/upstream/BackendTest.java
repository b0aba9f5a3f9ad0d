package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portway.config.EjectionConfig;
import dev.portway.config.HealthConfig;
import dev.portway.config.TargetState;
import dev.portway.config.TargetUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTest {

    private final BackendPool pool = new BackendPool(InstantSource.fixed(Instant.EPOCH));

    @Test
    void countsTheRequestsInFlightUpToALimit() {
        Backend backend = backend(3000);

        assertThat(backend.begin(2, null)).isTrue();
        assertThat(backend.begin(2, null)).isTrue();
        assertThat(backend.begin(2, null)).isFalse();
        assertThat(backend.inFlight()).isEqualTo(2);
        assertThat(backend.requests()).isEqualTo(2);

        backend.end();
        assertThat(backend.begin(2, null)).isTrue();
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
    void whatAPersonSetHoldsForOneThatComesBack() {
        Backend gone = backend(3000);
        gone.override(TargetState.DRAIN);
        gone.checkPath("/up");
        pool.release(gone);
        pool.release(backend(3001));

        Backend back = backend(3000);

        assertThat(back).isNotSameAs(gone);
        assertThat(back.override()).isEqualTo(TargetState.DRAIN);
        assertThat(backend(3001).override()).isNull();
    }

    @Test
    void anAskedForPauseIsTheLastChange() {
        Backend backend = backend(3000);

        Standing standing = backend.standing(EjectionConfig.DEFAULT);
        standing.busy("answered 503 with Retry-After", Duration.ofSeconds(5), 0);

        assertThat(backend.lastChange().by()).isEqualTo(Change.By.EJECTION);
        assertThat(backend.lastChange().reason()).isEqualTo("answered 503 with Retry-After");
    }

    @Test
    void whatLastsIsEndedThroughTheNextOneAtTheSamePlace() {
        Backend before = backend(3000);
        List<String> told = new ArrayList<>();
        Lasting work = lasting("one", told);
        Lasting over = lasting("over", told);
        before.lasting().add(work);
        before.lasting().add(over);
        Backend next = pool.retain(new Backend.Identity(TargetUrl.ofPort(3000), null, null, HealthConfig.DEFAULT));
        pool.release(before);
        before.lasting().add(lasting("late", told)); // of a request that was sent before
        before.lasting().remove(over);

        next.override(TargetState.DOWN);

        assertThat(told).containsExactlyInAnyOrder("one", "late");
    }

    private static Lasting lasting(String route, List<String> told) {
        return new Lasting() {
            @Override
            public String routeId() {
                return route;
            }

            @Override
            public void takenDown() {
                told.add(route);
            }
        };
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
