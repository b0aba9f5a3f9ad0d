package dev.portway.admin;

import dev.portway.api.ProblemDocument;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with the problem that a {@link ProblemException} carries. */
@Provider
public final class ProblemMapper implements ExceptionMapper<ProblemException> {

    @Override
    public Response toResponse(ProblemException exception) {
        return answer(exception.problem());
    }

    /** The answer that says {@code problem}. */
    static Response answer(ProblemDocument problem) {
        return answer(Response.status(problem.status()), problem);
    }

    /** The answer that says {@code problem}, with what {@code builder} has besides. */
    static Response answer(Response.ResponseBuilder builder, ProblemDocument problem) {
        return builder.type(WireFormat.PROBLEM_JSON)
                .entity(WireFormat.bytes(problem)) // bytes, so that no Accept field stands in their way
                .build();
    }
}
