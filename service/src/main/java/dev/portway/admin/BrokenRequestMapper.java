package dev.portway.admin;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;

/** Answers where the body of a request breaks off or is framed wrongly. */
@Provider
public final class BrokenRequestMapper implements ExceptionMapper<IOException> {

    @Override
    public Response toResponse(IOException exception) {
        return ProblemMapper.answer(ProblemType.MALFORMED_BODY.with("The body broke off, or is framed wrongly."));
    }
}
