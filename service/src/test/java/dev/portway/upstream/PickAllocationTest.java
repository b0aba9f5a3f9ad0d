package dev.portway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.portway.config.EjectionConfig;
import dev.portway.config.LoadBalancing;
import dev.portway.config.LoadBalancingConfig;
import dev.portway.config.TargetConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PickAllocationTest {

    private static final int PICKS = 10_000;

    private static final Selection ASKED = Asked.anything();

    private final Targets targets = new Targets();

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void allocatesNothing(LoadBalancing strategy) {
        Target[] many =
                targets.weighing(IntStream.range(0, 100).map(i -> 1 + i % 7).toArray());
        for (Target target : many) {
            Targets.busy(target, 1);
        }
        var upstream = new Upstream(List.of(many), LoadBalancingConfig.of(strategy));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        pick(upstream);

        long before = threads.getCurrentThreadAllocatedBytes();
        pick(upstream);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(PICKS);
    }

    @ParameterizedTest
    @EnumSource(LoadBalancing.class)
    void allocatesNothingWhereTrafficIsJudgedAndSomeAreFull(LoadBalancing strategy) {
        Target[] many = new Target[100];
        for (int i = 0; i < many.length; i++) {
            Target plain = targets.weighing(1)[0];
            TargetConfig config = plain.config();
            Standing standing = plain.backend().standing(EjectionConfig.DEFAULT);
            many[i] = new Target(plain.backend(), config, null, standing);
            Targets.busy(many[i], i % 3 == 0 ? 512 : 1);
        }
        var upstream = new Upstream(List.of(many), LoadBalancingConfig.of(strategy));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        pickBelow512(upstream);

        long before = threads.getCurrentThreadAllocatedBytes();
        pickBelow512(upstream);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(PICKS);
    }

    private static void pickBelow512(Upstream upstream) {
        for (int i = 0; i < PICKS; i++) {
            ((Target) upstream.pick(ASKED, 512)).backend().end();
        }
    }

    private static void pick(Upstream upstream) {
        for (int i = 0; i < PICKS; i++) {
            Targets.pick(upstream, ASKED);
        }
    }
}
