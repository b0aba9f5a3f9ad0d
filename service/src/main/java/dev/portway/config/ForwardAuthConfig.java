package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another service that says who may pass; {@code forward} of an {@code auth} rule. Immutable.
 *
 * @param url that is asked, by GET
 * @param copy headers of its answer that the backend gets; no client may send such a one
 * @param name the header of its answer that says who it is; null where none does
 * @param timeout for the whole answer
 */
public record ForwardAuthConfig(
        URI url, List<String> copy, @Nullable String name, Duration timeout) {

    public ForwardAuthConfig {
        requireNonNull(url, "url");
        copy = List.copyOf(copy);
        requireNonNull(timeout, "timeout");
    }

    static final Keys KEYS = Keys.of("url", "copy", "name", "timeout");

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
    private static final String EXPECTED_COPY = "a list such as [\"X-Auth-User\", \"X-Auth-Groups\"]";
    private static final String EXPECTED_HEADER = "a header's name, such as \"X-Auth-User\"";

    /** Empty where what is wrong was reported further down. */
    static Optional<ForwardAuthConfig> read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        URI url = in.require("url", "the URL of a service to ask", ServiceUrl::read);
        List<String> copy = in.get("copy", List.of(), ForwardAuthConfig::readCopy);
        String name = in.get("name", ForwardAuthConfig::readHeader);
        Duration timeout = in.get("timeout", DEFAULT_TIMEOUT, ForwardAuthConfig::readTimeout);
        return url == null ? Optional.empty() : Optional.of(new ForwardAuthConfig(url, copy, name, timeout));
    }

    private static List<String> readCopy(Cursor at) throws InvalidValueException {
        List<String> names = at.list(ForwardAuthConfig::readHeader, EXPECTED_COPY);
        List<String> seen = new ArrayList<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (seen.contains(lower)) {
                throw new InvalidValueException("names a header twice", EXPECTED_COPY);
            }
            seen.add(lower);
        }
        return names;
    }

    private static String readHeader(Cursor at) throws InvalidValueException {
        String name = at.text("a header's name", EXPECTED_HEADER);
        if (!AuthConfig.isForIdentity(name)) {
            throw new InvalidValueException("is not a header for who asks", EXPECTED_HEADER);
        }
        return name;
    }

    private static Duration readTimeout(Cursor at) throws InvalidValueException {
        Duration timeout = WrittenDuration.read(at);
        if (timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new InvalidValueException("is out of range", "1ms..1m");
        }
        return timeout;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("url", url.toString());
        copy.forEach(json.putArray("copy")::add);
        json.put("name", name);
        json.put("timeout", timeout.toMillis() + "ms");
        return json;
    }
}
