package dev.portway.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads configuration text: placeholders, shorthand, defaults, and every problem at once. Immutable. */
@SuppressWarnings("all") // skeleton
public final class ConfigReader {

    private final Function<String, @Nullable String> environment;

    /**
     * A reader that takes {@code ${NAME}} from {@code environment}.
     *
     * @param environment null for a name that is not set
     */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * Reads a configuration.
     *
     * @param file where the text is from, or would be; relative paths within are resolved against its folder
     */
    public ReadResult read(String text, ConfigFormat format, Path file) {
        return new ReadResult(null, JsonNodeFactory.instance.objectNode(), List.of(), List.of());
    }
}
