package dev.portway.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a configuration. Immutable.
 *
 * @param valid whether it could be used: there is no error
 * @param errors what keeps it from being used
 * @param warnings what is allowed but doubtful
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ValidationView(boolean valid, List<ProblemEntry> errors, List<ProblemEntry> warnings) {

    /** A view with these parts; null for a list becomes an empty one. */
    public ValidationView(boolean valid, @Nullable List<ProblemEntry> errors, @Nullable List<ProblemEntry> warnings) {
        this.valid = valid;
        this.errors = errors == null ? List.of() : List.copyOf(errors);
        this.warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }
}
