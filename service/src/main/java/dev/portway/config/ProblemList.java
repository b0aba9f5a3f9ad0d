package dev.portway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The problems of one reading, as they are found. Confined. */
final class ProblemList {

    private record Entry(Problem problem, boolean atKey) {}

    private final List<Entry> entries = new ArrayList<>();
    private int errors;

    /** A problem whose place in the text is looked up when the reading is over. */
    void add(Problem.Severity severity, String pointer, @Nullable String value, String message) {
        add(new Problem(severity, pointer, value, message, 0, 0), false);
    }

    /** An error that stands at a member's key and not at its value. */
    void addAtKey(String pointer, String message) {
        add(new Problem(Problem.Severity.ERROR, pointer, null, message, 0, 0), true);
    }

    /** An error whose place in the text is known. */
    void addAt(String pointer, String message, int line, int column) {
        add(new Problem(Problem.Severity.ERROR, pointer, null, message, line, column), false);
    }

    /** Errors so far, to tell whether a step found any. */
    int errors() {
        return errors;
    }

    /** All of them in the order found, of something that is no text. */
    List<Problem> unlocated() {
        return entries.stream().map(Entry::problem).toList();
    }

    private void add(Problem problem, boolean atKey) {
        entries.add(new Entry(problem, atKey));
        if (problem.severity() == Problem.Severity.ERROR) {
            errors++;
        }
    }

    /** All of them with their places in the text, in its order; in the order found where the places are not known. */
    List<Problem> located(String text, ConfigFormat format) {
        if (entries.isEmpty()) {
            return List.of();
        }
        Set<String> wanted = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (entry.problem.line() == 0) {
                wanted.add(entry.problem.pointer());
            }
        }
        Map<String, Place> places = wanted.isEmpty() ? Map.of() : Places.find(text, format, wanted);
        List<Problem> located = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            located.add(locate(entry, places));
        }
        located.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        return located;
    }

    private static Problem locate(Entry entry, Map<String, Place> places) {
        Problem problem = entry.problem;
        Place place = problem.line() == 0 ? places.get(problem.pointer()) : null;
        if (place == null) {
            return problem;
        }
        return new Problem(
                problem.severity(),
                problem.pointer(),
                problem.value(),
                problem.message(),
                entry.atKey ? place.keyLine() : place.line(),
                entry.atKey ? place.keyColumn() : place.column());
    }
}
