package dev.portway.admin;

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
                ProblemEntries.errors(report.problems()),
                ProblemEntries.warnings(report.problems()));
    }
}
