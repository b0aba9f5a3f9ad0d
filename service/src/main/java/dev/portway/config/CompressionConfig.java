package dev.portway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which responses of a route are compressed where the backend has not done so; the {@code compression} of a route.
 * Immutable.
 *
 * @param codings in the order of preference where a client likes several alike
 * @param types of media: {@code application/json}, {@code text/*} or {@code application/*+json}; lower case
 * @param minBytes that a body has at least, where its length is known
 */
public record CompressionConfig(List<Coding> codings, List<String> types, int minBytes) {

    /** A coding of content (RFC 9110, section 8.4.1). */
    public enum Coding {
        ZSTD("zstd"),
        BROTLI("br"),
        GZIP("gzip");

        private final String written;

        Coding(String written) {
            this.written = written;
        }

        /** As in {@code Content-Encoding}. */
        public String written() {
            return written;
        }
    }

    /** For {@code "compression": true}. */
    static final CompressionConfig DEFAULT = new CompressionConfig(
            List.of(Coding.values()),
            List.of(
                    "text/*",
                    "application/json",
                    "application/*+json",
                    "application/javascript",
                    "application/xml",
                    "application/*+xml",
                    "application/wasm",
                    "image/svg+xml"),
            1024);

    public CompressionConfig {
        codings = List.copyOf(codings);
        types = List.copyOf(types);
        requireNonNull(types, "types");
    }

    static final Keys KEYS = Keys.of("codings", "types", "minSize");

    private static final int MAX_MIN_BYTES = 16 * 1024 * 1024;
    private static final String EXPECTED_CODINGS = "a list of \"zstd\", \"br\" and \"gzip\"";
    private static final String EXPECTED_TYPES = "a list such as [\"text/*\", \"application/json\"]";

    /** A rule, {@code true} for the usual one, or {@code false} for none. */
    static Optional<CompressionConfig> read(Cursor at) throws InvalidValueException {
        if (at.node().isBoolean()) {
            return at.node().booleanValue() ? Optional.of(DEFAULT) : Optional.empty();
        }
        Members in = at.members(KEYS);
        return Optional.of(new CompressionConfig(
                in.get(
                        "codings",
                        DEFAULT.codings,
                        codings -> codings.filledList(CompressionConfig::readCoding, EXPECTED_CODINGS)),
                in.get("types", DEFAULT.types, types -> types.filledList(CompressionConfig::readType, EXPECTED_TYPES)),
                in.get("minSize", DEFAULT.minBytes, size -> WrittenSize.read(size, 1, MAX_MIN_BYTES))));
    }

    private static Coding readCoding(Cursor at) throws InvalidValueException {
        String text = at.text("a coding", EXPECTED_CODINGS);
        return Arrays.stream(Coding.values())
                .filter(coding -> coding.written.equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("is not a coding", EXPECTED_CODINGS));
    }

    private static String readType(Cursor at) throws InvalidValueException {
        String text = at.text("a media type", EXPECTED_TYPES);
        int slash = text.indexOf('/');
        if (slash < 0 || !Token.is(text.substring(0, slash)) || !Token.is(text.substring(slash + 1))) {
            throw new InvalidValueException("is not a media type", EXPECTED_TYPES);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Coding coding : codings) {
            json.withArray("codings").add(coding.written);
        }
        types.forEach(json.putArray("types")::add);
        return json.put("minSize", WrittenSize.written(minBytes));
    }
}
