package dev.portway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import org.junit.jupiter.api.Test;

class JvmGaugesTest {

    @Test
    void hasTheNamesThatDropwizardGives() {
        Bootstrap<Configuration> bootstrap = new Bootstrap<>(new Nothing());
        bootstrap.registerMetrics();
        MetricRegistry metrics = new MetricRegistry();

        JvmGauges.register(metrics);

        assertThat(metrics.getNames()).isEqualTo(bootstrap.getMetricRegistry().getNames());
    }

    @Test
    void readsTheSizeOfBuffers() {
        MetricRegistry metrics = new MetricRegistry();

        JvmGauges.register(metrics);

        assertThat(metrics.getGauges((name, gauge) -> name.equals("jvm.buffers.direct.used"))
                        .values())
                .singleElement()
                .satisfies(gauge -> assertThat(gauge.getValue()).asString().matches("\\d+"));
    }

    private static final class Nothing extends Application<Configuration> {

        @Override
        public void run(Configuration configuration, Environment environment) {}
    }
}
