package dev.portway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The body of a request, read whole. Immutable by agreement: nobody changes {@code json}.
 *
 * @param json what the body says, or what the form in it stands for
 * @param text the body itself
 */
record JsonBody(JsonNode json, String text) {

    /** The body, where only an object will do. */
    ObjectNode object() {
        return objectAt(json, "The body");
    }

    /** {@code node}, where only an object will do; {@code name} names it in the answer. */
    static ObjectNode objectAt(JsonNode node, String name) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new ProblemException(
                ProblemType.MALFORMED_BODY,
                name + " is " + kindOf(node) + " (expected: an object, such as {\"host\": \"api.localhost\","
                        + " \"target\": 3001}).");
    }

    /** What {@code node} is, with its article. */
    static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> "a number";
            case STRING -> "a string";
            case OBJECT -> "an object";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
