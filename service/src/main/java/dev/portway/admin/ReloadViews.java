package dev.portway.admin;

import dev.portway.api.DroppedLeaseView;
import dev.portway.api.ReloadView;
import dev.portway.routing.ReloadReport;

/** What reading the file did, as it goes over the wire. */
final class ReloadViews {

    private ReloadViews() {}

    static ReloadView of(ReloadReport report) {
        return new ReloadView(
                report.when(),
                report.applied(),
                report.added(),
                report.changed(),
                report.removed(),
                report.kept(),
                report.restartNeeded(),
                report.leasesDropped().stream()
                        .map(lease -> new DroppedLeaseView(lease.id(), lease.owner(), lease.why()))
                        .toList(),
                ProblemEntries.errors(report.problems()),
                ProblemEntries.warnings(report.problems()));
    }
}
