package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainStartTest {

    @Test
    void takesTheFileOfThisFolderWhereNoneIsNamed() {
        assertThat(PlainStart.of("start")).isEqualTo(new PlainStart(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start|-c|portway.json",
                "start|--config|portway.json",
                "server|portway.json",
            })
    void takesTheFileThatIsNamed(String words) {
        assertThat(PlainStart.of(words.split("\\|"))).isEqualTo(new PlainStart(Path.of("portway.json")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "server",
                "start|portway.json",
                "start|-c",
                "start|-c|",
                "start|-c=portway.json",
                "start|-cportway.json",
                "start|--help",
                "start|-c|-p",
                "start|-c|--help",
                "start|-c|@words",
                "start|-p|8080",
                "start|-c|portway.json|-p|8080",
                "server|--help",
                "server|-c|portway.json",
                "start|-c|größe.json",
                "start|-c|a\tb",
                "Start",
            })
    void leavesAllElseToTheParser(String words) {
        assertThat(PlainStart.of(words.split("\\|", -1))).isNull();
    }
}
