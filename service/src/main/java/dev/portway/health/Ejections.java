package dev.portway.health;

import static java.util.Objects.requireNonNull;

import dev.portway.upstream.Standing;
import dev.portway.upstream.Target;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes targets out whose requests fail, by the rule of their route, and lets them try again in time. Thread-safe. */
final class Ejections {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private final ScheduledExecutorService scheduler;
    private final DoubleSupplier random; // from 0 to below 1, asked by any thread

    Ejections(ScheduledExecutorService scheduler, DoubleSupplier random) {
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.random = requireNonNull(random, "random");
    }

    void answered(Target target, Standing.@Nullable State under, int status) {
        Standing standing = target.standing();
        if (standing == null || under == null) {
            return;
        }
        if (standing.rule().statuses().contains(status)) {
            eject(target, standing, under, "answered " + status);
        } else if (standing.succeeded(under)) {
            LOG.info("backend back: {} (requests to it go well again)", target.backend());
        }
    }

    void failed(Target target, Standing.@Nullable State under, String reason) {
        Standing standing = target.standing();
        if (standing != null && under != null) {
            eject(target, standing, under, reason);
        }
    }

    void busy(Target target, int status, Duration time) {
        Standing standing = target.standing();
        if (standing != null) {
            leaveOut(
                    target,
                    standing,
                    standing.busy("answered " + status + " with Retry-After", time, random.getAsDouble()));
        }
    }

    private void eject(Target target, Standing standing, Standing.State under, String reason) {
        leaveOut(target, standing, standing.failed(under, reason, random.getAsDouble()));
    }

    private void leaveOut(Target target, Standing standing, Standing.@Nullable State ejection) {
        if (ejection == null) {
            return;
        }
        Duration time = Duration.between(ejection.since(), requireNonNull(ejection.until()));
        LOG.info("backend ejected for {} ms: {} ({})", time.toMillis(), target.backend(), ejection.reason());
        var unused = scheduler.schedule(() -> standing.tryAgain(ejection), time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
