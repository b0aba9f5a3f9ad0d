package dev.portway.policy.auth;

import static java.util.Objects.requireNonNull;

import dev.portway.config.InvalidValueException;
import dev.portway.config.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The keys of a file, which is read again when it changed. Thread-safe. */
final class LocalKeys implements KeySource {

    private final WatchedFile<List<TokenKey>> file;

    LocalKeys(Path file, Executor looker) {
        requireNonNull(file, "file");
        this.file = new WatchedFile<>(file, LocalKeys::read, List.of(), looker, System::nanoTime);
    }

    private static List<TokenKey> read(Path file) throws IOException {
        try {
            return TokenKey.parse(Files.readAllBytes(file));
        } catch (InvalidValueException e) {
            throw new IOException("it " + e.getMessage(), e);
        }
    }

    @Override
    public CompletableFuture<List<TokenKey>> keys() {
        return file.content();
    }

    @Override
    public CompletableFuture<List<TokenKey>> newer(List<TokenKey> known) {
        return file.content();
    }
}
