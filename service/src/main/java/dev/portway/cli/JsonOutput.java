package dev.portway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What {@code --json} prints: one JSON value, times as text. */
final class JsonOutput {

    private JsonOutput() {}

    /** {@code value} over several lines, for a script that reads all of it. */
    static String of(Object value) {
        return write(mapper().enable(SerializationFeature.INDENT_OUTPUT), value);
    }

    /** {@code value} in one line, for a script that reads line by line. */
    static String line(@Nullable Object value) {
        return write(mapper(), value);
    }

    private static ObjectMapper mapper() {
        return new ObjectMapper()
                .registerModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance));
    }

    private static String write(ObjectMapper mapper, @Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible); // records of texts, numbers and lists
        }
    }
}
