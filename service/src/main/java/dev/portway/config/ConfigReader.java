package dev.portway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads configuration text: placeholders, shorthand, defaults, and every problem at once. Immutable. */
public final class ConfigReader {

    private final Function<String, @Nullable String> environment;
    private final @Nullable String host;
    private final @Nullable Integer port;
    private final @Nullable Integer adminPort;

    /**
     * A reader that takes {@code ${NAME}} from {@code environment}.
     *
     * @param environment null for a name that is not set
     */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this(environment, null, null, null);
    }

    private ConfigReader(
            Function<String, @Nullable String> environment,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable Integer adminPort) {
        this.environment = environment;
        this.host = host;
        this.port = port;
        this.adminPort = adminPort;
    }

    /**
     * A reader that puts these in place of a file's {@code proxy.host} and {@code proxy.port}, as options on a command
     * line do; null leaves the file's.
     */
    public ConfigReader overriding(@Nullable String host, @Nullable Integer port) {
        return new ConfigReader(environment, host, port, adminPort);
    }

    /** A reader that puts this in place of a file's {@code proxy.admin.port}; null leaves the file's. */
    public ConfigReader overridingAdminPort(@Nullable Integer other) {
        return new ConfigReader(environment, host, port, other);
    }

    /**
     * Reads a configuration. Never throws for what the text says.
     *
     * @param file where the text is from, or would be; relative paths within are resolved against its folder
     */
    public ReadResult read(String text, ConfigFormat format, Path file) {
        return read(text, format, file, NamedFiles.ANY);
    }

    /** The same of a text that may not name any file. */
    public ReadResult read(String text, ConfigFormat format, Path file, NamedFiles files) {
        Reading reading = new Reading(file, format, files);
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
        if (host != null || port != null || adminPort != null) {
            ObjectNode proxy = section(written, "proxy");
            put(proxy, "host", host == null ? null : TextNode.valueOf(host));
            put(proxy, "port", port == null ? null : IntNode.valueOf(port));
            if (proxy != null && adminPort != null) {
                put(section(proxy, "admin"), "port", IntNode.valueOf(adminPort));
            }
        }
    }

    private static void put(@Nullable ObjectNode section, String key, @Nullable JsonNode value) {
        if (section != null && value != null) {
            section.set(key, value);
        }
    }

    /** Made where it is missing; null for what is no section, which is an error that the reading finds. */
    private static @Nullable ObjectNode section(ObjectNode parent, String key) {
        JsonNode section = parent.path(key);
        return section.isMissingNode() ? parent.putObject(key) : section instanceof ObjectNode object ? object : null;
    }
}
