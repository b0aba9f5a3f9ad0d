package dev.portway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"a\":[1,-9007199254740993,123456789012345678901234567890,true,false,null],\"b\":{\"c\":\"\\\"ü\\n\"}}",
                "[1.10,0.1000000000000000055511151231257827,1E+400]"
            })
    void writesWhatItHasRead(String json) throws Exception {
        Object read = JsonTree.read(json);

        assertThat(read == null ? "null" : JsonTree.write(read)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "{\"a\":1} {}", "nul", "{\"a\"}", "[1,]", "1 2", "\"a"})
    void readsItWholeOrNotAtAll(String json) {
        assertThatThrownBy(() -> JsonTree.read(json)).isInstanceOf(IOException.class);
    }
}
