package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading one route gave. Immutable.
 *
 * @param config the route; null if there is an error among the problems
 * @param written the same as it was written
 * @param problems all of them, their pointers within the route
 */
public record RouteReading(@Nullable RouteConfig config, WrittenRoute written, List<Problem> problems) {

    public RouteReading {
        requireNonNull(written, "written");
        problems = List.copyOf(problems);
    }

    public List<Problem> errors() {
        return problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList();
    }
}
