package dev.portway.config;

/** The languages a configuration file may be written in. Only JSON can be edited in place. */
public enum ConfigFormat {
    JSON,
    YAML,
    TOML
}
