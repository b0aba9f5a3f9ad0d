package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A value of the file: where it stands, what stands there, and the way to say what is wrong with it. Confined. */
final class Cursor {

    private static final int SHOWN_LENGTH = 60;
    private static final List<String> SECRET_WORDS = List.of(
            "token", "password", "passwd", "secret", "authorization", "credential", "cookie", "apikey", "api-key");

    private final Reading reading;
    private final @Nullable Cursor parent;
    private final String key;
    private final JsonNode written;
    private final JsonNode node;

    private @Nullable Keys keys; // of the object that stands here, once members() was called

    private Cursor(Reading reading, @Nullable Cursor parent, String key, JsonNode written, JsonNode node) {
        this.reading = reading;
        this.parent = parent;
        this.key = key;
        this.written = written;
        this.node = node;
    }

    /**
     * The whole file.
     *
     * @param written as the file has it
     * @param resolved the same with placeholders replaced
     */
    static Cursor root(Reading reading, ObjectNode written, ObjectNode resolved) {
        return new Cursor(reading, null, "", written, resolved);
    }

    // ---- what stands here

    JsonNode written() {
        return written;
    }

    /** With placeholders replaced. */
    JsonNode node() {
        return node;
    }

    /** Whether what stands here is, or holds, a string with a placeholder: messages may not say what came of it. */
    boolean hasPlaceholder() {
        return Placeholders.anyWithin(written);
    }

    /** The folder that relative paths of the file are resolved against. */
    Path folder() {
        return reading.folder();
    }

    /** Which files may be named. */
    NamedFiles files() {
        return reading.files();
    }

    /** The text in the language of the file. */
    String inFormat(String json, String yaml, String toml) {
        return switch (reading.format()) {
            case JSON -> json;
            case YAML -> yaml;
            case TOML -> toml;
        };
    }

    ProblemList problems() {
        return reading.problems();
    }

    /** Whether a number stands here, or one placeholder for it. */
    boolean isNumber() {
        return node.isNumber() || (Placeholders.isWhole(written) && Ascii.isDigits(node.textValue()));
    }

    /** @param noun with its article: {@code a host} */
    String text(String noun, String expected) throws InvalidValueException {
        if (!node.isTextual()) {
            throw new InvalidValueException("is not " + noun, expected);
        }
        return node.textValue();
    }

    /** @param noun with its article: {@code a port} */
    int integer(int min, int max, String noun) throws InvalidValueException {
        String expected = min + ".." + max;
        if (node.isTextual() && !Placeholders.isWhole(written) && Ascii.isDigits(node.textValue())) {
            throw new InvalidValueException("is a string, not " + noun, "a number without quotes, " + expected);
        }
        if (!isNumber() || (node.isNumber() && !node.isIntegralNumber())) {
            throw new InvalidValueException("is not " + noun, expected);
        }
        // A whole number of any length: those that do not fit a long are out of range as well.
        String digits = node.asText();
        long value = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (value < min || value > max) {
            throw new InvalidValueException("is not " + noun, expected);
        }
        return (int) value;
    }

    boolean bool() throws InvalidValueException {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        String text = Placeholders.isWhole(written) ? node.asText() : "";
        if (!text.equals("true") && !text.equals("false")) {
            throw new InvalidValueException("is not true or false", "true or false");
        }
        return text.equals("true");
    }

    /** The members of the object that stands here; keys it may not have are reported. */
    Members members(Keys known) throws InvalidValueException {
        if (!node.isObject()) {
            throw new InvalidValueException("is not an object", "{ ... } with " + String.join(", ", known.names()));
        }
        keys = known;
        return new Members(this, known);
    }

    /** Each item of the list that stands here; those that cannot be read are reported and left out. */
    <T> List<T> list(ValueReader<T> reader, String expected) throws InvalidValueException {
        if (!node.isArray()) {
            throw new InvalidValueException("is not a list", expected);
        }
        List<T> values = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            T value = item(i).read(reader);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** The same of a list that has at least one. */
    <T> List<T> filledList(ValueReader<T> reader, String expected) throws InvalidValueException {
        if (node.isArray() && node.isEmpty()) {
            throw new InvalidValueException("is empty", expected);
        }
        return list(reader, expected);
    }

    /** Each member of the object that stands here, whatever its key. */
    List<Cursor> each(String expected) throws InvalidValueException {
        if (!node.isObject()) {
            throw new InvalidValueException("is not an object", expected);
        }
        return each();
    }

    /** Each member of what stands here; none if that is no object. */
    List<Cursor> each() {
        List<Cursor> members = new ArrayList<>(node.size());
        node.fieldNames().forEachRemaining(name -> members.add(member(name)));
        return members;
    }

    /** What the reader makes of it; null, and reported, if it cannot. */
    <T> @Nullable T read(ValueReader<T> reader) {
        if (reading.unresolved(written)) {
            return null; // reported when its placeholder was looked up
        }
        try {
            return reader.read(this);
        } catch (UnseenFileException e) {
            warning(shown() + " " + e.getMessage());
            return null;
        } catch (InvalidValueException e) {
            error(shown() + " " + e.getMessage());
            return null;
        }
    }

    Cursor item(int index) {
        return new Cursor(reading, this, String.valueOf(index), written.path(index), node.path(index));
    }

    Cursor member(String name) {
        return new Cursor(reading, this, name, written.path(name), node.path(name));
    }

    // ---- where it stands

    String pointer() {
        return parent == null ? "" : Reading.pointer(parent.pointer(), key);
    }

    /** The name of the member that this is. */
    String key() {
        return key;
    }

    @Nullable
    Cursor parent() {
        return parent;
    }

    /** The keys of the object that stands here; null until they are known. */
    @Nullable
    Keys keys() {
        return keys;
    }

    // ---- what is wrong with it

    void error(String message) {
        reading.problems().add(Problem.Severity.ERROR, pointer(), value(), message);
    }

    void warning(String message) {
        reading.problems().add(Problem.Severity.WARNING, pointer(), value(), message);
    }

    /** Says something about a member's key, without its value, which might be a secret under a misspelt key. */
    void keyError(String name, String message) {
        reading.problems().addAtKey(member(name).pointer(), message);
    }

    /** How the value begins a sentence. */
    String shown() {
        if (secret()) {
            return "this value";
        }
        if (written.isObject()) {
            return "this object";
        }
        if (written.isArray()) {
            return "this list";
        }
        String value = String.valueOf(value());
        return Placeholders.anyIn(written) ? "the value of " + value : value;
    }

    /**
     * What was made of the value, to stand inside a sentence; where a placeholder is part of the value, what is written
     * instead, since the variable may be a secret.
     */
    String mention(Object made) {
        if (!hasPlaceholder()) {
            return String.valueOf(made);
        }
        String value = value();
        return value == null ? "this value" : value;
    }

    /** As the file has it, never what a placeholder stands for: that may be a secret. */
    private @Nullable String value() {
        if (written.isMissingNode() || secret()) {
            return null;
        }
        if (written.isContainerNode()) {
            return written.isObject() ? "{...}" : "[...]";
        }
        String json = written.isTextual() ? withoutUserInfo(written.toString()) : written.toString();
        return json.length() <= SHOWN_LENGTH ? json : json.substring(0, SHOWN_LENGTH) + "...";
    }

    private static String withoutUserInfo(String json) {
        int begin = json.indexOf("//");
        int end = json.lastIndexOf('@');
        return begin < 0 || end < begin ? json : json.substring(0, begin + 2) + "***" + json.substring(end);
    }

    /** Whether the value must not be said: it is a secret, or stands where one is easily written by mistake. */
    boolean secret() {
        String lower = key.toLowerCase(Locale.ROOT);
        return SECRET_WORDS.stream().anyMatch(lower::contains) || (parent != null && parent.secret());
    }
}
