package dev.portway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Header fields as the file has them: an object from names, each once whatever its case, to values. */
final class HeaderFields {

    /** What whoever writes a message decides: how it is framed, and what is said about the connection. */
    private static final Set<String> OF_THE_MESSAGE = Set.of(
            "connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private HeaderFields() {}

    /** Whether a name is that of a field which nobody else can set. */
    static boolean ofTheMessage(String name) {
        return OF_THE_MESSAGE.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The members of the object that stands here; a value that cannot be read, which is reported, is {@code *}. */
    static Map<String, String> read(Cursor at, String expected) throws InvalidValueException {
        return read(at, expected, HeaderFields::readValue, "*");
    }

    /** What the reader makes of each; one that cannot be read is reported, and left out where there is no {@code standIn}. */
    static <T> Map<String, T> read(Cursor at, String expected, ValueReader<T> reader, @Nullable T standIn)
            throws InvalidValueException {
        Map<String, T> headers = new LinkedHashMap<>();
        List<String> seen = new ArrayList<>();
        for (Cursor header : at.each(expected)) {
            String name = header.key();
            String lower = name.toLowerCase(Locale.ROOT);
            if (!Token.is(name)) {
                at.keyError(name, "\"" + name + "\" is not a header's name (expected: such as \"X-Name\")");
            }
            if (seen.contains(lower)) {
                at.keyError(name, "\"" + name + "\" is written twice, in another case (expected: once)");
            }
            seen.add(lower);
            T read = header.read(reader);
            T value = read == null ? standIn : read;
            if (value != null) {
                headers.put(name, value);
            }
        }
        return headers;
    }

    private static String readValue(Cursor at) throws InvalidValueException {
        return readValue(at, "a string, or \"*\" for any value");
    }

    /** Whether a text is without line breaks, controls, and blanks around it. */
    static boolean isValue(String value) {
        return value.equals(value.strip()) && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7F));
    }

    /** A field's value. */
    static String readValue(Cursor at, String expected) throws InvalidValueException {
        String value = at.text("a header's value", expected);
        if (!isValue(value)) {
            throw new InvalidValueException(
                    "is not a header's value", "a string without line breaks and without blanks around it");
        }
        return value;
    }
}
