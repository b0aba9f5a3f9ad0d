package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.TreeSet;

/** Entity tags of JSON values: equal values have equal tags, however they are spaced and their keys ordered. */
final class EntityTag {

    private static final int BYTES = 8;

    private EntityTag() {}

    /** A strong tag with its quotes (RFC 9110, section 8.8.3). */
    static String of(JsonNode value) {
        StringBuilder canonical = new StringBuilder();
        append(value, canonical);
        byte[] digest = sha256().digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
        return '"' + HexFormat.of().formatHex(digest, 0, BYTES) + '"';
    }

    private static void append(JsonNode value, StringBuilder canonical) {
        if (value.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            value.fieldNames().forEachRemaining(names::add);
            canonical.append('{');
            for (Iterator<String> i = names.iterator(); i.hasNext(); canonical.append(i.hasNext() ? "," : "")) {
                String name = i.next();
                canonical.append(name.length()).append(':').append(name).append('=');
                append(value.get(name), canonical);
            }
            canonical.append('}');
        } else if (value.isArray()) {
            canonical.append('[');
            for (JsonNode item : value) {
                append(item, canonical);
                canonical.append(',');
            }
            canonical.append(']');
        } else if (value.isTextual()) {
            String text = value.textValue();
            canonical.append(text.length()).append(':').append(text);
        } else {
            canonical.append(value.asText()); // toString() would load and build a whole object mapper
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
