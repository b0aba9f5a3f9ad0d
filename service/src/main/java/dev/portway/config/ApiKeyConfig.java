package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys that programs send; {@code apiKey} of an {@code auth} rule. Immutable.
 *
 * @param header that they are sent in; null for none
 * @param query the parameter that they are sent in; null for none
 * @param keys by the name of who has it
 * @param file of further ones, a line {@code NAME:sha256:HEX} for each; null for none
 */
public record ApiKeyConfig(
        @Nullable String header,
        @Nullable String query,
        Map<String, KeyHash> keys,
        @Nullable Path file) {

    public ApiKeyConfig {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    static final Keys KEYS = Keys.of("header", "query", "keys", "file").with("keys", Keys.ANY);

    private static final String DEFAULT_HEADER = "X-Api-Key";
    private static final String EXPECTED_KEYS = "{ \"NAME\": \"sha256:HEX\" }, or \"${NAME}\" for the key itself";
    private static final String EXPECTED_FILE = "a file with a line NAME:sha256:HEX for each key";

    static ApiKeyConfig read(Cursor at) throws InvalidValueException {
        Members in = at.members(KEYS);
        if (!in.has("keys") && !in.has("file")) {
            throw new InvalidValueException("has no keys", "\"keys\": " + EXPECTED_KEYS + ", or \"file\"");
        }
        String query = in.get("query", ApiKeyConfig::readQuery);
        return new ApiKeyConfig(
                in.has("header") || query == null ? in.get("header", DEFAULT_HEADER, ApiKeyConfig::readHeader) : null,
                query,
                in.get("keys", Map.of(), ApiKeyConfig::readKeys),
                in.get("file", file -> FilePath.readable(file, EXPECTED_FILE)));
    }

    private static String readHeader(Cursor at) throws InvalidValueException {
        String expected = "a header's name, such as \"X-Api-Key\"";
        String name = at.text("a header's name", expected);
        if (!Token.is(name) || HeaderFields.ofTheMessage(name)) {
            throw new InvalidValueException("is not a header for a key", expected);
        }
        return name;
    }

    private static String readQuery(Cursor at) throws InvalidValueException {
        String expected = "a parameter's name, such as \"key\"";
        String name = at.text("a parameter's name", expected);
        if (!Token.is(name) || name.contains("%") || name.contains("+")) {
            throw new InvalidValueException("is not a parameter's name", expected);
        }
        return name;
    }

    private static Map<String, KeyHash> readKeys(Cursor at) throws InvalidValueException {
        Map<String, KeyHash> keys = new LinkedHashMap<>();
        for (Cursor key : at.each(EXPECTED_KEYS)) {
            if (!isName(key.key())) {
                at.keyError(
                        key.key(), "a key's name is not one of visible ASCII characters (expected: such as \"ci\")");
            }
            KeyHash hash = key.read(ApiKeyConfig::readKey);
            if (hash != null) {
                keys.put(key.key(), hash);
            }
        }
        if (keys.isEmpty() && at.each().isEmpty()) {
            throw new InvalidValueException("is empty", EXPECTED_KEYS);
        }
        return keys;
    }

    private static KeyHash readKey(Cursor at) throws InvalidValueException {
        String text = at.text("a key", EXPECTED_KEYS);
        KeyHash hash = KeyHash.parse(text);
        if (hash != null) {
            return hash;
        }
        if (!Placeholders.anyIn(at.written())) {
            throw new InvalidValueException(
                    "is not the hash of a key", "\"sha256:HEX\", as of sha256sum, or \"${NAME}\" for the key itself");
        }
        if (text.isBlank()) {
            throw new InvalidValueException("is empty", "a key");
        }
        return KeyHash.of(text);
    }

    /** Whether a backend can be told of {@code name}, and a line of a file can begin with it. */
    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':');
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("header", header);
        json.put("query", query);
        keys.keySet().forEach(json.putObject("keys")::putNull);
        json.put("file", file == null ? null : file.toString());
        return json;
    }
}
