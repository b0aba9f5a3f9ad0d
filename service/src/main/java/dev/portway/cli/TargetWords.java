package dev.portway.cli;

/** Targets as people type them: {@code 3001}, {@code :3001}, {@code localhost:3001}, or a URL. */
final class TargetWords {

    private TargetWords() {}

    /** The same as the configuration has it: a port as a number, else a URL. */
    static Object parse(String typed) {
        String port = typed.startsWith(":") ? typed.substring(1) : typed;
        if (port.matches("[0-9]{1,5}")) {
            return Integer.valueOf(port);
        }
        return typed.contains("://") || typed.startsWith("unix:") ? typed : "http://" + typed;
    }
}
