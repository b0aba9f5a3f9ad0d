package dev.portway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An active check; a route's or a target's {@code health}. Immutable.
 *
 * @param tcp whether it is enough that a connection is made; if so, nothing is asked
 * @param method {@code GET} or {@code HEAD}
 * @param path asked for, with a query if it has one; begins with a slash
 * @param headers sent along, name to value
 * @param port that is asked; 0 for the target's own
 * @param expect the statuses that are good
 * @param body what a good answer's body contains; null for anything
 * @param interval between the end of one check and the begin of the next
 * @param timeout of one check
 * @param rise good answers in a row that bring a backend back
 * @param fall bad answers in a row that take it out
 */
public record HealthConfig(
        boolean tcp,
        String method,
        String path,
        Map<String, String> headers,
        int port,
        StatusRange expect,
        @Nullable String body,
        Duration interval,
        Duration timeout,
        int rise,
        int fall) {

    /** Who looks more often is a load of its own. */
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);

    private static final int MAX_COUNT = 1000;
    private static final int MAX_PORT = 65_535;

    public static final HealthConfig DEFAULT =
            new HealthConfig("/", Duration.ofSeconds(5), Duration.ofSeconds(1), 1, 3, new StatusRange(200, 399));

    public HealthConfig {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        headers = Map.copyOf(headers);
        requireNonNull(expect, "expect");
        requireNonNull(interval, "interval");
        requireNonNull(timeout, "timeout");
    }

    /** A check that asks for a path with GET. */
    public HealthConfig(String path, Duration interval, Duration timeout, int rise, int fall, StatusRange expect) {
        this(false, "GET", path, Map.of(), 0, expect, null, interval, timeout, rise, fall);
    }

    static final Keys KEYS = Keys.of(
                    "tcp", "method", "path", "headers", "port", "expect", "body", "interval", "timeout", "rise", "fall")
            .with("headers", Keys.ANY);

    private static final List<String> HTTP_KEYS = List.of("method", "path", "headers", "expect", "body");

    static final String NO_PORT = "\"port\" is for targets that have one (expected: no unix: target beside it)";

    /** Whether a path can be asked for. */
    public static boolean isPath(String text) {
        return text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '#');
    }

    static HealthConfig read(Cursor at) throws InvalidValueException {
        return read(at, DEFAULT);
    }

    /** Reads one that says only what is other than in {@code inherited}. */
    static HealthConfig read(Cursor at, HealthConfig inherited) throws InvalidValueException {
        Members in = at.members(KEYS);
        boolean tcp = in.get("tcp", inherited.tcp, Cursor::bool);
        HealthConfig health = new HealthConfig(
                tcp,
                in.get("method", inherited.method, HealthConfig::readMethod),
                in.get("path", inherited.path, HealthConfig::readPath),
                in.get("headers", inherited.headers, HealthConfig::readHeaders),
                in.get("port", inherited.port, port -> port.integer(1, MAX_PORT, "a port")),
                in.get("expect", inherited.expect, StatusRange::read),
                in.has("body") ? in.get("body", HealthConfig::readBody) : inherited.body,
                in.get("interval", inherited.interval, interval -> WrittenDuration.atLeast(interval, LEAST_INTERVAL)),
                in.get("timeout", inherited.timeout, WrittenDuration::read),
                in.get("rise", inherited.rise, count -> count.integer(1, MAX_COUNT, "a count")),
                in.get("fall", inherited.fall, count -> count.integer(1, MAX_COUNT, "a count")));
        for (String key : HTTP_KEYS) {
            if (tcp && in.has(key)) {
                at.keyError(key, "\"" + key + "\" is for checks by HTTP (expected: not beside \"tcp\")");
            }
        }
        if (health.body != null && health.method.equals("HEAD")) {
            at.keyError(
                    in.has("body") ? "body" : "method",
                    "\"body\" cannot be looked at (expected: the method GET, since HEAD gets none)");
        }
        return health;
    }

    private static String readMethod(Cursor at) throws InvalidValueException {
        String expected = "GET or HEAD";
        String method = at.text("a method", expected);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new InvalidValueException("is not a method that checks use", expected);
        }
        return method;
    }

    private static String readPath(Cursor at) throws InvalidValueException {
        String expected = "a path such as \"/health\", with a query if need be";
        String path = at.text("a path", expected);
        if (!isPath(path)) {
            throw new InvalidValueException("is not a path", expected);
        }
        return path;
    }

    private static Map<String, String> readHeaders(Cursor at) throws InvalidValueException {
        Map<String, String> headers = HeaderFields.read(at, "{ \"X-Name\": \"value\" }");
        for (String name : headers.keySet()) {
            if (HeaderFields.ofTheMessage(name)) {
                at.keyError(name, "\"" + name + "\" is the proxy's to say (expected: other headers)");
            }
        }
        return headers;
    }

    private static String readBody(Cursor at) throws InvalidValueException {
        String expected = "what its answer must contain, such as \"ok\"";
        String body = at.text("a text", expected);
        if (body.isEmpty()) {
            throw new InvalidValueException("is empty", expected);
        }
        return body;
    }

    /** Without headers, which may be secrets. */
    @Override
    public String toString() {
        return tcp ? "tcp" : method + " " + path;
    }
}
