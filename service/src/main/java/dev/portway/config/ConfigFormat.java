package dev.portway.config;

import java.nio.file.Path;
import java.util.Locale;

/** The languages a configuration file may be written in. Only JSON can be edited in place. */
public enum ConfigFormat {
    JSON,
    YAML,
    TOML;

    /** The language a file is written in, by the end of its name: JSON unless that says otherwise. */
    public static ConfigFormat of(Path file) {
        Path name = file.getFileName();
        String lower = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
        if (lower.endsWith(".yml") || lower.endsWith(".yaml")) {
            return YAML;
        }
        return lower.endsWith(".toml") ? TOML : JSON;
    }
}
