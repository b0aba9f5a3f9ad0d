package dev.portway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigSearchTest {

    @TempDir
    private Path folder;

    @Test
    void findsNothingInAnEmptyFolder() throws IOException {
        Files.createDirectory(folder.resolve("config.json"));

        assertThat(ConfigSearch.in(folder).file()).isNull();
    }

    @Test
    void takesTheFirstInTheOrderAndNamesTheOthers() throws IOException {
        Files.createDirectory(folder.resolve(".config"));
        for (String name : new String[] {"config.json", ".config/portway.json", ".portway.toml", "portway.yml"}) {
            Files.createFile(folder.resolve(name));
        }

        ConfigSearch search = ConfigSearch.in(folder);

        assertThat(search.file()).isEqualTo(folder.resolve("portway.yml"));
        assertThat(search.others())
                .containsExactly(
                        folder.resolve(".portway.toml"),
                        folder.resolve(".config/portway.json"),
                        folder.resolve("config.json"));
    }

    @Test
    void knowsTheLanguageByTheEndOfTheName() {
        assertThat(ConfigFormat.of(Path.of("a/portway.yml"))).isEqualTo(ConfigFormat.YAML);
        assertThat(ConfigFormat.of(Path.of("PORTWAY.YAML"))).isEqualTo(ConfigFormat.YAML);
        assertThat(ConfigFormat.of(Path.of("portway.toml"))).isEqualTo(ConfigFormat.TOML);
        assertThat(ConfigFormat.of(Path.of("toml"))).isEqualTo(ConfigFormat.JSON);
        assertThat(ConfigFormat.of(Path.of("config.json"))).isEqualTo(ConfigFormat.JSON);
    }
}
