package dev.portway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A backend that reads requests in every way in which some backend does. What is under {@code /admin}, belongs to the host
 * {@code admin.test}, is asked for by DELETE, or by {@code root} is its secret; it gives that to whoever asks, by HTTP or a
 * WebSocket.
 */
public final class CarelessOrigin implements AutoCloseable {

    public static final String SECRET = "the-secret";

    private static final Pattern ESCAPE = Pattern.compile("%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})");
    private static final List<String> PATHS = List.of(
            "x_original_url",
            "x_original_uri",
            "x_original_path",
            "x_rewrite_url",
            "x_override_url",
            "x_request_uri",
            "x_matched_path",
            "x_invoke_path",
            "x_forwarded_uri",
            "x_forwarded_path",
            "path_info");
    private static final List<String> PREFIXES = List.of("script_name", "x_script_name");
    private static final List<String> METHODS = List.of(
            "x_http_method_override", "x_http_method", "x_method_override", "x_original_method", "x_forwarded_method");
    private static final List<String> HOSTS =
            List.of("host", "x_host", "x_forwarded_host", "x_original_host", "x_http_host_override");

    private final Queue<Origin.Received> served = new ConcurrentLinkedQueue<>();
    private final Origin origin = Origin.answering(this::answer);

    public int port() {
        return origin.port();
    }

    public String url() {
        return origin.url();
    }

    /** The requests for which it has given its secret away since it was asked that last. */
    public List<Origin.Received> served() {
        List<Origin.Received> all = new ArrayList<>();
        for (Origin.Received next = served.poll(); next != null; next = served.poll()) {
            all.add(next);
        }
        return all;
    }

    @Override
    public void close() {
        origin.close();
    }

    private void answer(Origin.Exchange exchange) throws IOException {
        exchange.readBody();
        Origin.Received request = exchange.request();
        boolean secret = isSecret(request);
        if (secret) {
            served.add(request);
        }
        String body = secret ? SECRET : "open";
        if (request.field("Upgrade") != null) {
            exchange.write("HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + body);
            throw new IOException("said all there is to say");
        }
        exchange.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
        if (!request.method().equals("HEAD")) {
            exchange.write(body);
        }
    }

    private static boolean isSecret(Origin.Received request) {
        Map<String, List<String>> fields = new HashMap<>();
        for (String line : request.fieldLines()) {
            int colon = line.indexOf(':');
            fields.computeIfAbsent(folded(line.substring(0, colon)), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        String target = request.target().replaceFirst("^https?://[^/]*", "");
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : decoded(target.substring(question + 1));
        Stream<String> paths = Stream.of(
                        Stream.of(path),
                        values(fields, PATHS),
                        values(fields, PREFIXES)
                                .filter(path::startsWith)
                                .map(prefix -> path.substring(prefix.length())))
                .flatMap(each -> each);
        return paths.anyMatch(CarelessOrigin::isAdmin)
                || request.method().equals("DELETE")
                || values(fields, METHODS).anyMatch("DELETE"::equalsIgnoreCase)
                || Stream.of(query.split("&", -1)).anyMatch("_method=DELETE"::equalsIgnoreCase)
                || values(fields, HOSTS).anyMatch("admin.test"::equals)
                || values(fields, List.of("x_auth_user")).anyMatch("root"::equals);
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    }

    private static Stream<String> values(Map<String, List<String>> fields, List<String> names) {
        return names.stream()
                .flatMap(name -> fields.getOrDefault(name, List.of()).stream())
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip);
    }

    private static boolean isAdmin(String raw) {
        String path = raw;
        for (int i = 0; i < 3; i++) {
            path = decoded(path);
        }
        path = path.replaceFirst("[\0?#].*", "").replace('\\', '/');
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            String bare = segment.replaceAll(";.*", "");
            if (bare.equals("..")) {
                segments.pollLast();
            } else if (!bare.isEmpty() && !bare.equals(".")) {
                segments.add(bare.replaceAll("[\\x01-\\x1F\\x7F]", "").replaceAll("^[ \\xA0]+|[. \\xA0]+$", ""));
            }
        }
        return !segments.isEmpty() && segments.getFirst().equalsIgnoreCase("admin");
    }

    private static String decoded(String text) {
        String plain = text.replaceAll("(?i)%c0%af", "/").replaceAll("(?i)%c0%ae", ".");
        Matcher escape = ESCAPE.matcher(plain);
        return escape.replaceAll(found -> {
            String wide = found.group(1);
            String one = wide == null
                    ? new String(new byte[] {(byte) Integer.parseInt(found.group(2), 16)}, ISO_8859_1)
                    : String.valueOf((char) Integer.parseInt(wide, 16));
            return Matcher.quoteReplacement(one);
        });
    }
}
