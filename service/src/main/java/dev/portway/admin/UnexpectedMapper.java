package dev.portway.admin;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers where the proxy itself is at fault: an id to find in the log, and nothing of what is inside. */
@Provider
public final class UnexpectedMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedMapper.class);

    @Override
    public Response toResponse(Throwable fault) {
        UUID id = UUID.randomUUID();
        LOGGER.error("the admin API made an error, answered as {}", id, fault);
        return ProblemMapper.answer(
                ProblemType.INTERNAL.with("Something went wrong inside; the log says what, under " + id + "."));
    }
}
