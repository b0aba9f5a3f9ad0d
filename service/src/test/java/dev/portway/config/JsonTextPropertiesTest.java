package dev.portway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random edits on randomly written documents: the value is the model's, and nothing else has moved. */
class JsonTextPropertiesTest {

    private static final Comparator<JsonNode> NUMBERS =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    @Property(tries = 500)
    void everySpanIsExactlyItsElement(@ForAll long seed) throws Exception {
        RandomJson random = new RandomJson(new Random(seed));
        JsonNode tree = random.container(0);
        String text = random.write(tree);

        JsonText parsed = JsonText.parse(text);

        for (JsonPointer pointer : pointers(tree)) {
            assertThat(parsed.value(pointer)).isEqualTo(tree.at(pointer));
        }
    }

    @Property(tries = 1000)
    void editsWhatIsAskedAndNothingElse(@ForAll long seed) throws Exception {
        Random dice = new Random(seed);
        RandomJson random = new RandomJson(dice);
        JsonNode model = random.container(0);
        JsonText text = JsonText.parse(random.write(model));
        boolean oneLine = !model.isEmpty() && lineEnds(text.text()).isEmpty();

        for (int i = 0; i < 8; i++) {
            List<JsonPointer> pointers = pointers(model);
            JsonPointer pointer = pointers.get(dice.nextInt(pointers.size()));
            JsonNode any = model.at(pointers.get(dice.nextInt(pointers.size())));
            JsonNode value = dice.nextInt(4) == 0 ? any.deepCopy() : random.value(2);
            Edit edit = Edit.values()[dice.nextInt(Edit.values().length)];
            if (!edit.fits(model, pointer)) {
                continue;
            }
            JsonText before = text;

            text = edit.onText(text, pointer, value);
            model = edit.onModel(model, pointer, value);

            assertThat(same(text.value(JsonPointer.empty()), model))
                    .as("%s at %s of %s", edit, pointer, before.text())
                    .isTrue();
            assertUntouched(before, text, edit == Edit.REMOVE ? pointer.head() : pointer);
            if (edit == Edit.APPEND || edit == Edit.INSERT) {
                assertThat(puttingIn(before.text(), text.text())).isTrue();
            }
        }
        if (oneLine) {
            assertThat(lineEnds(text.text())).isEmpty();
        }
    }

    /** What can be done to a text, and the same to a tree. */
    private enum Edit {
        REPLACE {
            @Override
            JsonText onText(JsonText text, JsonPointer at, JsonNode value) {
                return text.replace(at, value);
            }

            @Override
            JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value) {
                return replaced(root, at, value);
            }
        },
        SET {
            @Override
            JsonText onText(JsonText text, JsonPointer at, JsonNode value) {
                return text.set(at, value);
            }

            @Override
            JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value) {
                return replaced(root, at, value);
            }
        },
        REMOVE {
            @Override
            boolean fits(JsonNode root, JsonPointer at) {
                return !at.matches();
            }

            @Override
            JsonText onText(JsonText text, JsonPointer at, JsonNode value) {
                return text.remove(at);
            }

            @Override
            JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value) {
                removed(root, at);
                return root;
            }
        },
        APPEND {
            @Override
            boolean fits(JsonNode root, JsonPointer at) {
                return root.at(at).isArray();
            }

            @Override
            JsonText onText(JsonText text, JsonPointer at, JsonNode value) {
                return text.append(at, List.of(value, value));
            }

            @Override
            JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value) {
                ((ArrayNode) root.at(at)).add(value).add(value.deepCopy());
                return root;
            }
        },
        INSERT {
            @Override
            boolean fits(JsonNode root, JsonPointer at) {
                return root.at(at).isObject() && !root.at(at).has("inserted");
            }

            @Override
            JsonText onText(JsonText text, JsonPointer at, JsonNode value) {
                return text.insert(at, Map.of("inserted", value));
            }

            @Override
            JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value) {
                ((ObjectNode) root.at(at)).set("inserted", value);
                return root;
            }
        };

        boolean fits(JsonNode root, JsonPointer at) {
            return true;
        }

        abstract JsonText onText(JsonText text, JsonPointer at, JsonNode value);

        abstract JsonNode onModel(JsonNode root, JsonPointer at, JsonNode value);
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return a.equals(NUMBERS, b);
    }

    /** Every character before and behind the element is the same. */
    private static void assertUntouched(JsonText before, JsonText after, JsonPointer pointer) throws IOException {
        JsonSpan old = at(before, pointer);
        JsonSpan now = at(after, pointer);
        assertThat(after.text().substring(0, now.start()))
                .isEqualTo(before.text().substring(0, old.start()));
        assertThat(after.text().substring(now.end())).isEqualTo(before.text().substring(old.end()));
    }

    private static JsonSpan at(JsonText text, JsonPointer pointer) throws IOException {
        JsonSpan span = JsonSpan.parse(text.text()).at(pointer);
        assertThat(span).isNotNull();
        return requireNonNull(span);
    }

    /** Whether the one text is the other with something put in, but for the white space of an empty container. */
    private static boolean puttingIn(String before, String after) {
        int head = 0;
        while (head < before.length() && head < after.length() && before.charAt(head) == after.charAt(head)) {
            head++;
        }
        int tail = 0;
        while (tail < before.length() - head
                && tail < after.length() - head
                && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
            tail++;
        }
        return before.substring(head, before.length() - tail).isBlank();
    }

    private static String lineEnds(String text) {
        return text.strip().replaceAll("[^\r\n]", "");
    }

    private static JsonNode replaced(JsonNode root, JsonPointer pointer, JsonNode value) {
        if (pointer.matches()) {
            return value;
        }
        JsonNode parent = root.at(pointer.head());
        if (parent instanceof ArrayNode array) {
            array.set(pointer.last().getMatchingIndex(), value);
        } else {
            ((ObjectNode) parent).set(pointer.last().getMatchingProperty(), value);
        }
        return root;
    }

    private static void removed(JsonNode root, JsonPointer pointer) {
        JsonNode parent = root.at(pointer.head());
        if (parent instanceof ArrayNode array) {
            array.remove(pointer.last().getMatchingIndex());
        } else {
            ((ObjectNode) parent).remove(pointer.last().getMatchingProperty());
        }
    }

    private static List<JsonPointer> pointers(JsonNode root) {
        List<JsonPointer> pointers = new ArrayList<>();
        collect(root, JsonPointer.empty(), pointers);
        return pointers;
    }

    private static void collect(JsonNode node, JsonPointer pointer, List<JsonPointer> into) {
        into.add(pointer);
        for (int i = 0; i < node.size() && node.isArray(); i++) {
            collect(node.get(i), pointer.appendIndex(i), into);
        }
        node.properties().forEach(member -> collect(member.getValue(), pointer.appendProperty(member.getKey()), into));
    }
}
