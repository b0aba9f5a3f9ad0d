package dev.portway.config;

import java.io.IOException;
import java.nio.file.Path;

/** The user's own configuration file: read whole, replaced atomically. Not thread-safe: the registry's lock guards it. */
@SuppressWarnings("all") // skeleton
public final class RouteStore {

    private final Path file;
    private final ConfigReader reader;

    public RouteStore(Path file, ConfigReader reader) {
        this.file = file;
        this.reader = reader;
    }

    public Path file() {
        return file;
    }

    /** The file as it is now. */
    public ConfigDocument read() throws IOException {
        throw new IOException(file + " " + reader);
    }

    /** Replaces the file's content, durably, or changes nothing. */
    public void save(ConfigDocument document) throws IOException {
        throw new IOException(file + " " + document);
    }
}
