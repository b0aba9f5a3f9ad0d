package dev.portway.admin;

import dev.portway.api.ProblemDocument;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers where JAX-RS itself refuses a request: no such path, method or media type. */
@Provider
public final class WebApplicationMapper implements ExceptionMapper<WebApplicationException> {

    private static final Logger LOGGER = LoggerFactory.getLogger(WebApplicationMapper.class);

    @Override
    public Response toResponse(WebApplicationException exception) {
        Response response = exception.getResponse();
        int status = response.getStatus();
        if (status < 400) {
            return response;
        }
        if (status >= 500) {
            LOGGER.error("the admin API made an error", exception);
        }
        ProblemDocument problem = new ProblemDocument(
                "about:blank", response.getStatusInfo().getReasonPhrase(), status, detail(status, response));
        return ProblemMapper.answer(Response.fromResponse(response), problem);
    }

    private static String detail(int status, Response response) {
        return switch (status) {
            case 404 -> "Nothing is served at this path; GET /openapi.json lists what is.";
            case 405 ->
                "This path does not take this method (expected: one of " + response.getHeaderString(HttpHeaders.ALLOW)
                        + ").";
            case 406 -> "This path has nothing of the media types that Accept asks for (try: Accept: */*).";
            case 415 ->
                "The body is of a media type that is not read here (expected: Content-Type:"
                        + " application/json, or application/x-www-form-urlencoded).";
            default -> "The request cannot be answered; GET /openapi.json describes what can.";
        };
    }
}
