package dev.portway.client;

import dev.portway.api.ProblemDocument;
import dev.portway.api.ProblemEntry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names what went wrong with a call: the right exception, with one line that says what to do. Immutable. */
final class Failures {

    private static final int MOST_ENTRIES = 3;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int LONGEST_QUOTE = 200;

    private final URI admin;
    private final boolean sendsToken;

    Failures(URI admin, boolean sendsToken) {
        this.admin = admin;
        this.sendsToken = sendsToken;
    }

    /** A call without an answer. */
    PortwayException of(Call<?> call, Throwable cause) {
        if (has(cause, BoundedBody.TooLargeException.class)) {
            return unexpected(
                    admin + " answered " + call.words() + " with more than " + Transport.LARGEST_ANSWER / 1024 / 1024
                            + " MiB, so it is hardly " + expected(),
                    0,
                    null,
                    cause);
        }
        if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
            return new UnreachableException(
                    "The name " + admin.getHost() + " is not known (try: PORTWAY_ADMIN with the address of "
                            + "the admin" + " listener, such as http://localhost:8081).",
                    cause);
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return new UnreachableException(
                    "No connection to " + admin
                            + " in time (try: whether that machine is up, or PORTWAY_ADMIN with another" + " address).",
                    cause);
        }
        if (cause instanceof ConnectException) {
            return new UnreachableException(
                    "Nothing listens at " + admin
                            + " (try: start Portway, or PORTWAY_ADMIN with the address of its admin" + " listener).",
                    cause);
        }
        if (has(cause, SSLException.class)) {
            return new UnreachableException(
                    "No TLS with " + admin + ": " + line(String.valueOf(cause.getMessage()), LONGEST_QUOTE)
                            + " (try: http:// where the admin listener has no TLS, or its authority in sslContext).",
                    cause);
        }
        return new UnreachableException(
                "The connection to " + admin + " broke before " + call.words()
                        + " was answered whole (try: again; what was" + " to be changed may have been).",
                cause);
    }

    /** A call whose answer did not come in {@code timeout}. */
    PortwayException late(Call<?> call, Duration timeout) {
        return new UnreachableException(
                admin + " did not answer " + call.words() + " within " + seconds(timeout) + " (try: again, or a longer"
                        + " timeout; what was to be changed may have been).",
                null);
    }

    /** A call whose thread was interrupted while it waited. */
    PortwayException interrupted(Call<?> call, InterruptedException cause) {
        return new PortwayException(
                "Interrupted while " + admin + " was to answer " + call.words()
                        + "; what was to be changed may have been.",
                0,
                null,
                cause);
    }

    /** A call that was answered with success, and with something that cannot be read. */
    PortwayException unreadable(Call<?> call, Reply reply, IOException cause) {
        String type = type(reply);
        if (!type.contains("json")) {
            return unexpected(
                    admin + " answered " + call.words() + " with " + (type.isEmpty() ? "no type" : type)
                            + ", so it is not " + expected(),
                    reply.status(),
                    null,
                    cause);
        }
        return unexpected(
                admin + " answered " + call.words()
                        + " with JSON that is cut off or of another version (try: again; then"
                        + " the same version of Portway and of this client).",
                reply.status(),
                null,
                cause);
    }

    /** A call that was answered, and not with success. */
    PortwayException of(Call<?> call, Reply reply) {
        int status = reply.status();
        if (status < 400) {
            String where = reply.location();
            return unexpected(
                    admin + " answered " + call.words() + " with " + status
                            + (where.isEmpty() ? "" : " and sends on to " + line(where, LONGEST_QUOTE))
                            + ", so it is not "
                            + expected(),
                    status,
                    null,
                    null);
        }
        ProblemDocument problem = problem(reply);
        if (status == 401) {
            return new UnauthorizedException(unauthorized(), status, problem);
        }
        if (problem == null) {
            String type = type(reply);
            return unexpected(
                    admin + " answered " + call.words() + " with " + status + " and "
                            + (type.isEmpty() ? "no type" : type) + ", so it is not " + expected(),
                    status,
                    null,
                    null);
        }
        if ((status == 404 || status == 405) && problem.type().equals("about:blank")) {
            return unexpected(
                    admin + " has no " + call.words() + ": it is an older Portway than this client, or not "
                            + expected(),
                    status,
                    problem,
                    null);
        }
        String message = message(problem);
        return switch (status) {
            case 400, 413, 415, 422 -> new InvalidException(message, status, problem);
            case 403 -> new RefusedException(message, status, problem);
            case 404 -> new NotFoundException(message, status, problem);
            case 409 -> new ConflictException(message, status, problem);
            case 412 -> new PreconditionFailedException(message, status, problem);
            default ->
                status >= 500
                        ? new ServerFaultException(message, status, problem)
                        : new PortwayException(message, status, problem, null);
        };
    }

    private String unauthorized() {
        return sendsToken
                ? "The token is not the one that " + admin
                        + " asks for (expected: proxy.admin.token of its configuration," + " in PORTWAY_TOKEN)."
                : admin + " asks for a token (try: PORTWAY_TOKEN with proxy.admin.token of its configuration).";
    }

    private static String expected() {
        return "a Portway's admin listener of this version (try: PORTWAY_ADMIN, http://localhost:8081 unless it was"
                + " moved, or an upgrade).";
    }

    private static String message(ProblemDocument problem) {
        String detail = problem.detail().isEmpty() ? problem.title() : problem.detail();
        List<ProblemEntry> entries = problem.errors();
        String listed = entries.stream()
                .limit(MOST_ENTRIES)
                .map(entry -> (entry.pointer().isEmpty() ? "" : entry.pointer() + ": ") + entry.message())
                .collect(Collectors.joining("; "));
        int more = entries.size() - MOST_ENTRIES;
        return line(
                detail + (listed.isEmpty() ? "" : " " + listed) + (more > 0 ? "; and " + more + " more" : ""),
                LONGEST_MESSAGE);
    }

    private static @Nullable ProblemDocument problem(Reply reply) {
        if (!type(reply).contains("json")) {
            return null;
        }
        try {
            ProblemDocument problem = Json.read(reply.body(), ProblemDocument.class);
            return problem.title().isEmpty() && problem.detail().isEmpty() ? null : problem;
        } catch (IOException e) {
            return null;
        }
    }

    private static PortwayException unexpected(
            String message, int status, @Nullable ProblemDocument problem, @Nullable Throwable cause) {
        return new UnexpectedAnswerException(message, status, problem, cause);
    }

    private static String type(Reply reply) {
        String field = reply.type();
        int end = field.indexOf(';');
        return line(end < 0 ? field : field.substring(0, end), 80).toLowerCase(Locale.ROOT);
    }

    /** {@code text} in one line without control characters, and not longer than that. */
    private static String line(String text, int longest) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= longest ? line : line.substring(0, longest) + "...";
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
