package dev.portway.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration is meant where nobody names one. Immutable.
 *
 * @param file the first that exists; null if none does
 * @param others those that exist as well and are not read
 */
public record ConfigSearch(@Nullable Path file, List<Path> others) {

    /** From the folder that is searched, in the order of preference. */
    public static final List<String> NAMES = names();

    public ConfigSearch {
        others = List.copyOf(others);
    }

    /** Looks into a folder. */
    public static ConfigSearch in(Path folder) {
        List<Path> found = NAMES.stream()
                .map(folder::resolve)
                .filter(file -> Files.exists(file) && !Files.isDirectory(file))
                .toList();
        return found.isEmpty()
                ? new ConfigSearch(null, List.of())
                : new ConfigSearch(found.get(0), found.subList(1, found.size()));
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String stem : List.of("portway", ".portway", ".config/portway")) {
            for (String ending : List.of("json", "yml", "yaml", "toml")) {
                names.add(stem + "." + ending);
            }
        }
        names.add("config.json");
        return List.copyOf(names);
    }
}
