package dev.portway.admin;

import dev.portway.routing.Precondition;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The conditions of a request on what it reads or writes (RFC 9110, section 13). */
final class EntityTags {

    private static final Pattern TAG = Pattern.compile("\\s*((?:W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")\\s*(?:,|$)");

    private EntityTags() {}

    /** The tag that stands in quotes in {@code tag}. */
    static EntityTag of(String tag) {
        return new EntityTag(tag.substring(1, tag.length() - 1));
    }

    /** The answer to a reading request whose condition does not hold: 304, or 412; empty where it holds. */
    static Optional<Response> unmet(Request request, String tag) {
        Response.@Nullable ResponseBuilder answer = request.evaluatePreconditions(of(tag));
        if (answer == null) {
            return Optional.empty();
        }
        Response response = answer.build();
        if (response.getStatus() == 412) {
            throw new ProblemException(
                    ProblemType.PRECONDITION_FAILED,
                    "If-Match names another entity tag than the present one, " + tag + ".");
        }
        return Optional.of(response);
    }

    /** What must hold for a write, by {@code If-Match} and {@code If-None-Match}. */
    static Precondition precondition(HttpHeaders headers) {
        String ifMatch = headers.getHeaderString(HttpHeaders.IF_MATCH);
        String ifNoneMatch = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        if (ifNoneMatch != null && !ifNoneMatch.strip().equals("*")) {
            throw new ProblemException(
                    ProblemType.BAD_PARAMETER, "If-None-Match on a write can only be * (expected: If-None-Match: *).");
        }
        return new Precondition(ifMatch == null ? null : tags(ifMatch), ifNoneMatch != null);
    }

    private static List<String> tags(String field) {
        if (field.strip().equals("*")) {
            return List.of("*");
        }
        List<String> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(field);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tags.add(matcher.group(1));
            end = matcher.end();
        }
        if (tags.isEmpty() || end != field.length()) {
            throw new ProblemException(
                    ProblemType.BAD_PARAMETER,
                    "If-Match is malformed (expected: the ETag of an answer, its double quotes included, or *).");
        }
        return tags;
    }
}
