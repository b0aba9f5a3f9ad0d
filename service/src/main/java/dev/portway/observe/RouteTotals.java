package dev.portway.observe;

import com.codahale.metrics.Snapshot;

/**
 * The traffic of one route. Immutable.
 *
 * @param requests finished since its first one
 * @param serverErrors of those, the ones answered with a status of 500 to 599
 * @param medianNanos of the whole time lately, from the request's first handling to the end of the response
 * @param p99Nanos the 99th percentile of the same
 */
public record RouteTotals(long requests, long serverErrors, double medianNanos, double p99Nanos) {

    static RouteTotals of(RouteMetrics metrics) {
        long requests = 0;
        for (StatusClass status : StatusClass.values()) {
            requests += metrics.requests(status);
        }
        Snapshot times = metrics.recentTimes();
        return new RouteTotals(
                requests, metrics.requests(StatusClass.SERVER_ERROR), times.getMedian(), times.get99thPercentile());
    }
}
