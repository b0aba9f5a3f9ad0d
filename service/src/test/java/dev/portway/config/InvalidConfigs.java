package dev.portway.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The table of {@code invalid-configs.txt}. */
final class InvalidConfigs {

    private static final String REFUSES = "refuses";

    private InvalidConfigs() {}

    /**
     * A configuration that is refused.
     *
     * @param written as the table has it
     * @param text JSON
     * @param pointer of the error
     * @param message of the error, {@code FOLDER} standing for the folder of the file
     * @param schema {@code refuses}, or why the schema does not
     */
    record InvalidConfig(String written, String text, String pointer, String message, String schema) {

        boolean refusedBySchema() {
            return schema.equals(REFUSES);
        }

        @Override
        public String toString() {
            return written;
        }
    }

    static Stream<InvalidConfig> all() {
        List<String> lines = lines().filter(line -> !line.startsWith("#")).toList();
        List<InvalidConfig> configs = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                List<String> rows =
                        lines.subList(i, i + 4).stream().map(String::strip).toList();
                configs.add(new InvalidConfig(
                        rows.get(0),
                        text(rows.get(0)),
                        rows.get(1).equals("-") ? "" : rows.get(1),
                        rows.get(2),
                        rows.get(3).substring("schema: ".length())));
                i += 3;
            }
        }
        return configs.stream();
    }

    private static String text(String row) {
        String json = row.substring(row.indexOf(' ') + 1).replace('\'', '"');
        return switch (row.substring(0, row.indexOf(' '))) {
            case "whole" -> json;
            case "root" -> whole("{'port': 8080}", "[]", "{'target': null}, " + json);
            case "port" -> whole("{'port': " + json + "}", "[]", "{'target': null}");
            case "proxy" -> whole("{'port': 8080, " + json + "}", "[]", "{'target': null}");
            case "routes" -> whole("{'port': 8080}", json, "{'target': null}");
            case "route" -> whole("{'port': 8080}", "[{" + json + "}]", "{'target': null}");
            case "default" -> whole("{'port': 8080}", "[]", "{" + json + "}");
            default -> throw new IllegalArgumentException(row);
        };
    }

    private static String whole(String proxy, String routes, String rest) {
        return ("{'proxy': " + proxy + ", 'routes': " + routes + ", 'default': " + rest + "}").replace('\'', '"');
    }

    private static Stream<String> lines() {
        try (InputStream table = InvalidConfigs.class.getResourceAsStream("/invalid-configs.txt")) {
            return Arrays.stream(new String(table.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
