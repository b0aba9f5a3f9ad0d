package dev.portway.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What a parser stumbled over, in the words of the person who wrote the file: never the parser's own, and never more of
 * the text than one character, which cannot be a secret. Immutable.
 */
record SyntaxError(String message, int line, int column) {

    /**
     * The words for what a parser threw.
     *
     * @param text what it read
     * @param parser it, where it stopped; null if it never began
     */
    static SyntaxError of(JacksonException e, String text, ConfigFormat format, @Nullable JsonParser parser) {
        if (e instanceof StreamConstraintsException) {
            JsonLocation at = parser == null ? null : parser.currentLocation();
            return at(at, "nested too deeply, or with a name, string or number that is too long");
        }
        boolean inList = parser != null && parser.getParsingContext().inArray();
        boolean inObject = parser != null && parser.getParsingContext().inObject();
        return switch (format) {
            case JSON -> json(e, text, inList ? ']' : inObject ? '}' : ' ');
            case YAML -> yaml(e);
            case TOML -> at(e, "not TOML: " + toml(String.valueOf(e.getOriginalMessage())));
        };
    }

    private static SyntaxError at(JacksonException e, String message) {
        return at(e.getLocation(), message);
    }

    private static SyntaxError at(@Nullable JsonLocation location, String message) {
        return location == null
                ? new SyntaxError(message, 0, 0)
                : new SyntaxError(message, Math.max(0, location.getLineNr()), Math.max(0, location.getColumnNr()));
    }

    /** @param open what would close the innermost object or list; a space if none is open */
    private static SyntaxError json(JacksonException e, String text, char open) {
        if (e instanceof JsonEOFException end) {
            boolean string = end.getTokenBeingDecoded() == JsonToken.VALUE_STRING
                    || end.getTokenBeingDecoded() == JsonToken.FIELD_NAME;
            return at(e, "the file ends too early: a closing " + (string ? "quote" : open) + " is missing");
        }
        int offset = e.getLocation() == null ? 0 : (int) e.getLocation().getCharOffset();
        String said = String.valueOf(e.getOriginalMessage());
        if (said.startsWith("Unrecognized token") || said.startsWith("Non-standard token")) {
            return word(e, text, offset);
        }
        char found = offset < text.length() ? text.charAt(offset) : ' ';
        if (said.startsWith("Unexpected close marker")) {
            return at(
                    e,
                    open == ' '
                            ? "not JSON: this " + found + " closes nothing"
                            : "not JSON: a " + open + " is missing before this " + found);
        }
        return at(e, "not JSON: " + json(said, found, text, offset));
    }

    /** The parser says where such a word ends; people look for where it begins. */
    private static SyntaxError word(JacksonException e, String text, int end) {
        int begin = Math.min(end, text.length());
        while (begin > 0 && Character.isJavaIdentifierPart(text.charAt(begin - 1))) {
            begin--;
        }
        SyntaxError error =
                at(e, "not JSON: an unknown word (expected: a string in double quotes, a number, true, false or null)");
        return new SyntaxError(error.message, error.line, Math.max(1, error.column - (end - begin)));
    }

    private static String json(String said, char found, String text, int offset) {
        if ((found == '}' || found == ']') && before(text, offset) == ',') {
            return "a comma too many before this " + found;
        }
        if (found == '/' || found == '#') {
            return "it has no comments (expected: none, or a file in YAML or TOML)";
        }
        if (found == '\'') {
            return "strings are written in double quotes";
        }
        if (said.contains("comma to separate")) {
            return "a comma is missing before this";
        }
        if (said.contains("colon to separate")) {
            return "a colon is missing between a key and its value";
        }
        if (said.contains("to start field name")) {
            return found == ',' ? "a comma too many" : "keys are written in double quotes";
        }
        if (said.startsWith("Illegal unquoted character")) {
            return "a string with a line break or control character in it (a closing quote may be missing before)";
        }
        if (said.contains("escape")) {
            return "an unknown escape in a string (expected: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX)";
        }
        if (said.contains("numeric value") || found == '.' || found == '+') {
            return "a number that is not written as JSON has it (expected: such as 80 or 1.5)";
        }
        return "a value is missing here (expected: an object, a list, a string, a number, true, false or null)";
    }

    /** The last character before an offset that is not white space. */
    private static char before(String text, int offset) {
        for (int i = Math.min(offset, text.length()) - 1; i >= 0; i--) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return text.charAt(i);
            }
        }
        return ' ';
    }

    private static SyntaxError yaml(JacksonException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                return new SyntaxError(
                        "not YAML: " + marked.getProblem(),
                        marked.getProblemMark().getLine() + 1,
                        marked.getProblemMark().getColumn() + 1);
            }
        }
        return at(e, "not YAML that a configuration can have (expected: keys that are plain words, and plain values)");
    }

    private static String toml(String said) {
        return switch (said) {
            case "Duplicate key" -> "a key that is written twice";
            case "Table redefined" -> "a table that is written twice";
            case "Premature end of file" -> "the file ends too early";
            case "Newline not permitted here" -> "a line ends too early";
            case "Unknown token" -> "an unknown word (expected: a string in quotes, a number, true or false)";
            default -> "something else was expected here";
        };
    }
}
