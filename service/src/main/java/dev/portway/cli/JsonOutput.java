package dev.portway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What {@code --json} prints: one JSON value, times as text. */
final class JsonOutput {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance));

    private JsonOutput() {}

    /** {@code value} over several lines, for a script that reads all of it. */
    static String of(Object value) {
        return write(MAPPER.writerWithDefaultPrettyPrinter(), value);
    }

    /** {@code value} in one line, for a script that reads line by line. */
    static String line(@Nullable Object value) {
        return write(MAPPER.writer(), value);
    }

    private static String write(ObjectWriter writer, @Nullable Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible); // records of texts, numbers and lists
        }
    }
}
