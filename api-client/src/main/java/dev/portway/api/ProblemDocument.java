package dev.portway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused: the body of every error answer (RFC 9457, {@code application/problem+json}). Immutable.
 *
 * @param type names the kind of problem for programs, such as {@code urn:portway:problem:invalid-configuration}, or
 *     {@code about:blank} where the status says it all
 * @param title the kind of problem in a few words, the same for every problem of the type
 * @param status of the HTTP answer
 * @param detail what is wrong with this request and what to do about it, one or two sentences for a person
 * @param errors each thing wrong with a configuration; empty for other problems
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProblemEntry> errors) {

    /**
     * A problem with these parts; null becomes {@code about:blank}, empty text or an empty list.
     *
     * @throws NullPointerException never
     */
    public ProblemDocument(
            @Nullable String type,
            @Nullable String title,
            int status,
            @Nullable String detail,
            @Nullable List<ProblemEntry> errors) {
        this.type = type == null ? "about:blank" : type;
        this.title = title == null ? "" : title;
        this.status = status;
        this.detail = detail == null ? "" : detail;
        this.errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /** A problem that needs no list of errors. */
    public ProblemDocument(String type, String title, int status, String detail) {
        this(requireNonNull(type, "type"), title, status, detail, null);
    }
}
