package dev.portway.observe;

import java.nio.file.Path;

/**
 * When a log file is set aside, and how much of what was set aside is kept. Immutable.
 *
 * @param maxFileBytes that a file may grow to before it is set aside early
 * @param maxDays that a file set aside is kept
 * @param maxTotalBytes of all files set aside; the oldest go first
 */
record Rotation(long maxFileBytes, int maxDays, long maxTotalBytes) {

    private static final long MIB = 1024 * 1024;

    static final Rotation DEFAULT = new Rotation(64 * MIB, 7, 512 * MIB);

    /** Logback's pattern for what is set aside from a file: {@code portway.2026-11-20.0.log.gz} beside {@code portway.log}. */
    String archivePattern(Path file) {
        String name = file.toString();
        int dot = extension(file);
        return name.substring(0, dot) + ".%d{yyyy-MM-dd}.%i" + name.substring(dot) + ".gz";
    }

    /** The file beside another's that takes the access lines: {@code portway.access.log} beside {@code portway.log}. */
    static Path accessFile(Path file) {
        String name = file.toString();
        int dot = extension(file);
        return Path.of(name.substring(0, dot) + ".access" + name.substring(dot));
    }

    private static int extension(Path file) {
        String name = file.toString();
        int dot = name.lastIndexOf('.');
        int nameStart = name.length()
                - (file.getFileName() == null
                        ? 0
                        : file.getFileName().toString().length());
        return dot > nameStart ? dot : name.length();
    }
}
