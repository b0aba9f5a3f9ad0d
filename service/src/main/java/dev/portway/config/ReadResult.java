package dev.portway.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a configuration gave. Immutable by agreement: nobody changes {@code tree}.
 *
 * @param config the configuration; null if there is an error among the problems
 * @param tree the whole file, placeholders resolved, Dropwizard's own sections included; empty where it does not parse
 * @param routes as written, in the file's order; those that parse, also when others do not
 * @param problems all of them, in the file's order
 */
public record ReadResult(
        @Nullable PortwayConfig config, ObjectNode tree, List<WrittenRoute> routes, List<Problem> problems) {

    public ReadResult {
        routes = List.copyOf(routes);
        problems = List.copyOf(problems);
    }

    public List<Problem> errors() {
        return problems.stream()
                .filter(p -> p.severity() == Problem.Severity.ERROR)
                .toList();
    }

    public List<Problem> warnings() {
        return problems.stream()
                .filter(p -> p.severity() == Problem.Severity.WARNING)
                .toList();
    }
}
