package dev.portway.admin;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.regex.Pattern;

/** Says what is wrong with a JSON text, and where, in words for the person who wrote it. */
final class JsonMistake {

    /** What the parser adds for its own developers: character codes and where in which Java object it stood. */
    private static final Pattern JARGON = Pattern.compile(
            " ?\\(code \\d+[^)]*\\)| ?\\((?:start marker|for \\w+ starting) at .*|\\n.*", Pattern.DOTALL);

    private JsonMistake() {}

    /** {@code line 3, column 7: unexpected character '}'}. */
    static String describe(JsonProcessingException mistake) {
        JsonLocation at = mistake.getLocation();
        String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
        return where + what(mistake);
    }

    private static String what(JsonProcessingException mistake) {
        if (mistake instanceof JsonEOFException) {
            return "it ends too early";
        }
        if (mistake instanceof StreamConstraintsException) {
            return "it is nested too deeply, or a name or number in it is too long";
        }
        if (mistake instanceof MismatchedInputException) {
            return "something follows the end of the value";
        }
        String message =
                JARGON.matcher(mistake.getOriginalMessage()).replaceAll("").strip();
        if (message.startsWith("Unrecognized token")) {
            return "a bare word stands where a value is expected (text goes in double quotes)";
        }
        String sentence = message.replace("Unexpected character ('", "unexpected character '")
                .replace("'):", "':");
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
