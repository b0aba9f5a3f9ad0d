package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portway.config.ConfigFormat;
import dev.portway.config.ConfigReader;
import dev.portway.config.ReadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentationTest {

    private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/configuration.md"})
    void everyConfigurationShownIsValid(String page) throws IOException {
        List<String> shown = Markdown.read(Launched.REPOSITORY.resolve(page)).texts("json");

        assertThat(shown)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(problems(text)).isEmpty());
    }

    @Test
    void theConfigurationOfferedForPastingIsValid() {
        String pasted = String.join("\n", ConfigFileOption.EXAMPLE.subList(2, ConfigFileOption.EXAMPLE.size() - 2));

        assertThat(problems(pasted)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"README.md", "docs/configuration.md", "docs/admin-api.md", "docs/embedding.md", "docs/testing.md"
            })
    void everyLinkLeadsSomewhere(String page) throws IOException {
        Path file = Launched.REPOSITORY.resolve(page);
        List<String> links = LINK.matcher(Files.readString(file))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();

        assertThat(links)
                .allSatisfy(link -> assertThat(file.resolveSibling(link)).exists());
    }

    private static List<?> problems(String text) {
        ReadResult result = new ConfigReader(name -> null)
                .read(text, ConfigFormat.JSON, Launched.REPOSITORY.resolve("portway.json"));
        return result.problems();
    }
}
