package dev.portway.admin;

import dev.portway.api.ProblemEntry;
import dev.portway.config.Problem;
import java.util.List;

/** The problems of a configuration as they go over the wire. */
final class ProblemEntries {

    private ProblemEntries() {}

    static List<ProblemEntry> errors(List<Problem> problems) {
        return of(problems, Problem.Severity.ERROR);
    }

    static List<ProblemEntry> warnings(List<Problem> problems) {
        return of(problems, Problem.Severity.WARNING);
    }

    private static List<ProblemEntry> of(List<Problem> problems, Problem.Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .map(ProblemEntries::entry)
                .toList();
    }

    private static ProblemEntry entry(Problem problem) {
        return new ProblemEntry(
                problem.pointer(),
                problem.value(),
                problem.message(),
                problem.line() == 0 ? null : problem.line(),
                problem.column() == 0 ? null : problem.column());
    }
}
