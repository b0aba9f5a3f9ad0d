package dev.portway.config;

import java.util.List;

/** Why a text was not converted. */
public final class ConversionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    ConversionException(List<Problem> problems) {
        super(problems.size() == 1 ? problems.get(0).message() : problems.size() + " problems");
        this.problems = List.copyOf(problems);
    }

    /** At least one, with its place in the text that was to be converted. */
    public List<Problem> problems() {
        return problems;
    }
}
