package dev.portway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CheckGateTest {

    private final List<CompletableFuture<CheckResult>> begun = new ArrayList<>();
    private final CheckGate gate = new CheckGate(2, Runnable::run);

    @Test
    void runsNoMoreAtOnceThanItMay() {
        pass(5);
        assertThat(begun).hasSize(2);

        begun.get(0).complete(CheckResult.good("answers 200"));
        assertThat(begun).hasSize(3);
        begun.get(2).completeExceptionally(new IllegalStateException("broke"));
        assertThat(begun).hasSize(4);
    }

    @Test
    void beginsAtOnceWhatANewLimitLetsRun() {
        pass(5);

        gate.limit(4);

        assertThat(begun).hasSize(4);
    }

    @Test
    void waitsUntilFewerRunThanANewLimitSays() {
        pass(5);

        gate.limit(1);
        begun.get(0).complete(CheckResult.good("answers 200"));
        assertThat(begun).hasSize(2);
        begun.get(1).complete(CheckResult.good("answers 200"));

        assertThat(begun).hasSize(3);
    }

    private void pass(int checks) {
        for (int i = 0; i < checks; i++) {
            var unused = gate.pass(() -> {
                CompletableFuture<CheckResult> check = new CompletableFuture<>();
                begun.add(check);
                return check;
            });
        }
    }
}
