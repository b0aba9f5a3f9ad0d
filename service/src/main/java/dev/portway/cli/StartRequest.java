package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import dev.portway.config.ConfigDocument;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked to start. Immutable.
 *
 * @param file the configuration file, absolute; the proxy watches and edits it
 * @param document the file as it was just read by a reader with these overrides, without errors
 * @param host listened on instead of the file's {@code proxy.host}; null for the file's own
 * @param port listened on instead of the file's {@code proxy.port}; null for the file's own
 */
public record StartRequest(
        Path file,
        ConfigDocument document,
        @Nullable String host,
        @Nullable Integer port) {

    public StartRequest {
        requireNonNull(file, "file");
        requireNonNull(document, "document");
    }
}
