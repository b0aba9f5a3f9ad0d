package dev.portway.routing;

import dev.portway.config.Problem;
import java.time.Instant;
import java.util.List;

/**
 * What reading the file again did. Immutable.
 *
 * @param when it was read
 * @param applied whether what it says is in force; false keeps the table as it was
 * @param added ids
 * @param changed ids
 * @param removed ids
 * @param kept ids
 * @param restartNeeded pointers of values that differ from the running process and wait for a restart
 * @param leasesDropped those that it left no room for
 * @param problems of the file, warnings included
 */
public record ReloadReport(
        Instant when,
        boolean applied,
        List<String> added,
        List<String> changed,
        List<String> removed,
        List<String> kept,
        List<String> restartNeeded,
        List<DroppedLease> leasesDropped,
        List<Problem> problems) {

    public ReloadReport {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        kept = List.copyOf(kept);
        restartNeeded = List.copyOf(restartNeeded);
        leasesDropped = List.copyOf(leasesDropped);
        problems = List.copyOf(problems);
    }
}
