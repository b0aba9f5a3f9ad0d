package dev.portway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** The examples of RFC 7396, appendix A, whose target and patch are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'}           | {'a':'c'}                | {'a':'c'}",
                "{'a':'b'}           | {'b':'c'}                | {'a':'b','b':'c'}",
                "{'a':'b'}           | {'a':null}               | {}",
                "{'a':'b','b':'c'}   | {'a':null}               | {'b':'c'}",
                "{'a':['b']}         | {'a':'c'}                | {'a':'c'}",
                "{'a':'c'}           | {'a':['b']}              | {'a':['b']}",
                "{'a':{'b':'c'}}     | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]}   | {'a':[1]}                | {'a':[1]}",
                "{'e':null}          | {'a':1}                  | {'e':null,'a':1}",
                "{}                  | {'a':{'bb':{'ccc':null}}}| {'a':{'bb':{}}}"
            })
    void mergesAsTheStandardSays(String target, String patch, String result) throws Exception {
        ObjectNode before = json(target);

        assertThat(MergePatch.apply(before, json(patch))).isEqualTo(json(result));
        assertThat(before).isEqualTo(json(target));
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    }
}
