package dev.portway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines of JSON beside the configuration file: appended to, and now and then written anew. What was written survives
 * the process, killed or not; it is not forced to the disk. Where it cannot be written, the proxy works all the same. Confined
 * to the registry's lock.
 */
final class JournalFile {

    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

    /** More than it can come to by itself. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final @Nullable Path config;
    private final Kind kind;
    private final FileReplacer replacer;
    private int lines;
    private boolean stale; // it lacks what could not be written
    private boolean failureSaid; // so that the log says it once

    /** What is kept in it. */
    enum Kind {
        /** With the mode and owner of the configuration file. */
        LEASES("leases"),
        /** For its owner alone: it holds what the configuration file said before. */
        HISTORY("history");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** @param config null where there is no file: then nothing is kept */
    JournalFile(@Nullable Path config, Kind kind, FileReplacer replacer) {
        this.config = config;
        this.kind = requireNonNull(kind, "kind");
        this.replacer = requireNonNull(replacer, "replacer");
    }

    /**
     * Reads it from the beginning. If there are lines that cannot be used, a copy is put aside, and said to be; a last line
     * that is cut off was never answered for, and is left out.
     *
     * @param taken takes a line up, if it can be used
     */
    void read(Predicate<ObjectNode> taken) {
        if (config == null) {
            return;
        }
        try {
            Path file = file(config);
            if (Files.size(file) > MOST_BYTES) {
                Path aside = file.resolveSibling(file.getFileName() + ".broken");
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                LOG.warn("{} is larger than {} bytes and is not read; it is kept as {}", file, MOST_BYTES, aside);
                return;
            }
            String text = new String(Files.readAllBytes(file), UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            int broken = 0;
            for (String line : whole.lines().toList()) {
                ObjectNode json = SourceTree.parse(line, ConfigFormat.JSON, new ProblemList());
                broken += json != null && taken.test(json) ? 0 : 1;
            }
            if (broken > 0) {
                Path aside = file.resolveSibling(file.getFileName() + ".broken");
                Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                LOG.warn("{} lines of {} cannot be read and are left out; it is kept as {}", broken, file, aside);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no {} kept beside {}", kind.words, config);
        } catch (IOException e) {
            LOG.warn("the {} kept beside {} cannot be read: {}", kind.words, config, e.toString());
        }
    }

    /** Whether it is time to {@link #rewrite} it. */
    boolean longerThan(int most) {
        return config != null && (stale || lines > most);
    }

    /** Writes it anew, with these lines alone; without any it is taken away. */
    void rewrite(Collection<ObjectNode> entries) {
        if (config == null) {
            return;
        }
        try {
            if (entries.isEmpty()) {
                Files.deleteIfExists(file(config));
            } else {
                write(config, text(entries));
            }
            lines = entries.size();
            stale = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    void append(List<ObjectNode> entries) {
        if (config == null || stale) {
            return; // all of it is written with the next rewriting
        }
        try {
            if (lines == 0) {
                write(config, text(entries));
            } else {
                Files.writeString(
                        file(config), text(entries), UTF_8, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            }
            lines += entries.size();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void write(Path beside, String text) throws IOException {
        byte[] content = text.getBytes(UTF_8);
        switch (kind) {
            case LEASES -> replacer.writeBeside(beside.toRealPath(), file(beside), content);
            case HISTORY -> replacer.writeOwn(beside.toRealPath(), file(beside), content);
        }
    }

    private static String text(Collection<ObjectNode> entries) {
        return entries.stream().map(entry -> entry + "\n").collect(Collectors.joining());
    }

    private void failed(IOException e) {
        stale = true;
        if (!failureSaid) {
            failureSaid = true;
            LOG.warn(
                    "{} cannot be kept beside {}, and a restart will not find them: {}",
                    kind.words,
                    config,
                    e.toString());
        }
    }

    private Path file(Path beside) throws IOException {
        Path real = beside.toRealPath();
        return switch (kind) {
            case LEASES -> LeftoverFiles.leases(real);
            case HISTORY -> LeftoverFiles.history(real);
        };
    }
}
