package dev.portway.admin;

import dev.portway.api.ProblemDocument;
import dev.portway.api.ProblemEntry;
import java.util.List;
import java.util.Locale;

/** The kinds of problem the admin API answers with that say more than their status; the rest are {@code about:blank}. */
enum ProblemType {
    MALFORMED_BODY(400, "The body cannot be read"),
    BAD_PARAMETER(400, "A parameter or header field cannot be used"),
    UNAUTHORIZED(401, "A token is required"),
    HOST_REFUSED(403, "This Host is not allowed"),
    ORIGIN_REFUSED(403, "Another web page may not use this API"),
    ROUTE_NOT_FOUND(404, "There is no such route"),
    BACKEND_NOT_FOUND(404, "There is no such backend"),
    TUNNEL_NOT_FOUND(404, "There is no such tunnel"),
    LEASE_NOT_FOUND(404, "There is no such lease"),
    CHANGE_NOT_FOUND(404, "There is no such change"),
    CONFLICT(409, "The change does not fit what is there"),
    LEASED(409, "Somebody else has it"),
    FILE_BROKEN(409, "The configuration file is broken"),
    FILE_NOT_JSON(409, "The configuration file cannot be edited"),
    PRECONDITION_FAILED(412, "The precondition does not hold"),
    BODY_TOO_LARGE(413, "The body is too large"),
    INVALID_LEASE(422, "Such a lease is not given"),
    INVALID_CONFIGURATION(422, "The configuration is not valid"),
    NOT_SAVED(500, "The configuration file could not be written"),
    INTERNAL(500, "The proxy made an error");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    /** The name on the wire, for programs. */
    String urn() {
        return "urn:portway:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ProblemDocument with(String detail) {
        return with(detail, List.of());
    }

    ProblemDocument with(String detail, List<ProblemEntry> errors) {
        return new ProblemDocument(urn(), title, status, detail, errors);
    }
}
