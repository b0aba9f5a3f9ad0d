package dev.portway.observe;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jvm.ClassLoadingGaugeSet;
import com.codahale.metrics.jvm.FileDescriptorRatioGauge;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.JvmAttributeGaugeSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.codahale.metrics.jvm.ThreadStatesGaugeSet;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;

/** What Java says about itself, under the names that it has in every Dropwizard service. */
public final class JvmGauges {

    private static final Set<String> BUFFER_POOLS = Set.of("direct", "mapped");

    private JvmGauges() {}

    /** Adds them. Dropwizard's own way to the buffer pools is a JMX server, which takes longer to begin than all the others. */
    public static void register(MetricRegistry metrics) {
        metrics.register("jvm.attribute", new JvmAttributeGaugeSet());
        metrics.register("jvm.classloader", new ClassLoadingGaugeSet());
        metrics.register("jvm.filedescriptor", new FileDescriptorRatioGauge());
        metrics.register("jvm.gc", new GarbageCollectorMetricSet());
        metrics.register("jvm.memory", new MemoryUsageGaugeSet());
        metrics.register("jvm.threads", new ThreadStatesGaugeSet());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (!BUFFER_POOLS.contains(pool.getName())) {
                continue;
            }
            String name = MetricRegistry.name("jvm.buffers", pool.getName());
            metrics.register(MetricRegistry.name(name, "count"), (Gauge<Long>) pool::getCount);
            metrics.register(MetricRegistry.name(name, "used"), (Gauge<Long>) pool::getMemoryUsed);
            metrics.register(MetricRegistry.name(name, "capacity"), (Gauge<Long>) pool::getTotalCapacity);
        }
    }
}
