package dev.portway.admin;

import dev.portway.routing.EditRefusedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers with why an edit was not made. */
@Provider
public final class EditRefusedMapper implements ExceptionMapper<EditRefusedException> {

    @Override
    public Response toResponse(EditRefusedException refusal) {
        ProblemType type = switch (refusal.reason()) {
            case NOT_FOUND -> ProblemType.ROUTE_NOT_FOUND;
            case CONFLICT -> ProblemType.CONFLICT;
            case NO_LEASE -> ProblemType.LEASE_NOT_FOUND;
            case NO_CHANGE -> ProblemType.CHANGE_NOT_FOUND;
            case LEASED -> ProblemType.LEASED;
            case FILE_BROKEN -> ProblemType.FILE_BROKEN;
            case FILE_NOT_JSON -> ProblemType.FILE_NOT_JSON;
            case PRECONDITION_FAILED -> ProblemType.PRECONDITION_FAILED;
            case INVALID -> ProblemType.INVALID_CONFIGURATION;
            case NOT_SAVED -> ProblemType.NOT_SAVED;
        };
        return ProblemMapper.answer(
                type.with(String.valueOf(refusal.getMessage()), ProblemEntries.errors(refusal.problems())));
    }
}
