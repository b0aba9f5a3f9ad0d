package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads configuration text: placeholders, shorthand, defaults, and every problem at once. Immutable. */
public final class ConfigReader {

    private final Function<String, @Nullable String> environment;
    private final @Nullable String host;
    private final @Nullable Integer port;

    /**
     * A reader that takes {@code ${NAME}} from {@code environment}.
     *
     * @param environment null for a name that is not set
     */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this(environment, null, null);
    }

    private ConfigReader(
            Function<String, @Nullable String> environment, @Nullable String host, @Nullable Integer port) {
        this.environment = environment;
        this.host = host;
        this.port = port;
    }

    /**
     * A reader that puts these in place of a file's {@code proxy.host} and {@code proxy.port}, as options on a command
     * line do; null leaves the file's.
     */
    public ConfigReader overriding(@Nullable String host, @Nullable Integer port) {
        return new ConfigReader(environment, host, port);
    }

    /**
     * Reads a configuration. Never throws for what the text says.
     *
     * @param file where the text is from, or would be; relative paths within are resolved against its folder
     */
    public ReadResult read(String text, ConfigFormat format, Path file) {
        Reading reading = new Reading(file, format);
        ObjectNode written = SourceTree.parse(text, format, reading.problems());
        if (written == null) {
            List<Problem> problems = reading.problems().located(text, format);
            return new ReadResult(null, JsonNodeFactory.instance.objectNode(), List.of(), problems);
        }
        override(written);
        ObjectNode resolved = (ObjectNode) new Placeholders(environment, reading).resolve(written, "");
        RouteList routes = new RouteList();
        PortwayConfig config = Cursor.root(reading, written, resolved).read(at -> PortwayConfig.read(at, routes));
        List<Problem> problems = reading.problems().located(text, format);
        boolean sound = reading.problems().errors() == 0;
        return new ReadResult(sound ? config : null, resolved, routes.written(), problems);
    }

    private void override(ObjectNode written) {
        JsonNode proxy = written.path("proxy");
        ObjectNode section = null;
        if (proxy.isObject()) {
            section = (ObjectNode) proxy;
        } else if (proxy.isMissingNode() && (host != null || port != null)) {
            section = written.putObject("proxy");
        }
        if (section != null && host != null) {
            section.put("host", host);
        }
        if (section != null && port != null) {
            section.put("port", port);
        }
    }
}
