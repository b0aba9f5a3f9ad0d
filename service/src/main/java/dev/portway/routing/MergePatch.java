package dev.portway.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON Merge Patch (RFC 7396). */
final class MergePatch {

    private MergePatch() {}

    /** A new object: the target with what the patch says, {@code null} taking members away. */
    static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode merged = target.deepCopy();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            String name = member.getKey();
            if (member.getValue().isNull()) {
                merged.remove(name);
            } else if (member.getValue() instanceof ObjectNode inner) {
                ObjectNode before =
                        merged.get(name) instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
                merged.set(name, apply(before, inner));
            } else {
                merged.set(name, member.getValue());
            }
        }
        return merged;
    }
}
