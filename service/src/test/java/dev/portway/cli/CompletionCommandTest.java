package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completes in the shells themselves; where one is not installed, its test is skipped with a word. */
class CompletionCommandTest {

    @TempDir
    Path directory;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        assertThat(bash("proxy ", "v")).contains("validate");
        assertThat(bash("proxy start ", "--p")).contains("--port");
        assertThat(bash("proxy completion ", "f")).contains("fish");
    }

    @Test
    void zshTakesTheScript() throws Exception {
        String script = script("zsh");

        String said = shell(
                "zsh",
                "-f",
                "-c",
                "autoload -Uz compinit && compinit -u -d " + directory.resolve("dump") + " && source " + script
                        + " && print -r -- ${_comps[proxy]}");

        assertThat(said).contains("_complete_proxy");
    }

    @Test
    void fishCompletesCommandsAndOptions() throws Exception {
        String script = script("fish");

        assertThat(fish(script, "proxy v")).contains("validate").doesNotContain("Start the proxy");
        assertThat(fish(script, "proxy start --p")).contains("--port").doesNotContain("--json");
        assertThat(fish(script, "proxy completion ")).contains("bash", "zsh", "fish");
    }

    @Test
    void anotherShellIsUsedWrongly() {
        Shell shell = Shell.in(directory);

        int status = shell.run("completion", "tcsh");

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("tcsh");
    }

    private List<String> bash(String line, String word) throws Exception {
        String[] words = (line + word).split(" ", -1);
        String said = shell(
                "bash",
                "--norc",
                "-c",
                "source " + script("bash") + "; COMP_LINE='" + line + word + "'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("
                        + line + word + "); COMP_CWORD=" + (words.length - 1)
                        + "; _complete_proxy; printf '%s\\n' \"${COMPREPLY[@]}\"");
        return Arrays.stream(said.split("\n", -1)).map(String::strip).toList();
    }

    private String fish(String script, String line) throws Exception {
        return shell("fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "'");
    }

    private String script(String shellName) throws IOException {
        Shell shell = Shell.in(directory);
        assertThat(shell.run("completion", shellName)).isZero();
        Path file = directory.resolve("completion." + shellName);
        Files.writeString(file, shell.out());
        return file.toString();
    }

    private String shell(String program, String... arguments) throws Exception {
        boolean there = Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(there, program + " is not installed");
        List<String> command =
                Stream.concat(Stream.of(program), Arrays.stream(arguments)).toList();
        try (Launched launched =
                Launched.command(directory, Map.of("HOME", directory.toString(), "TERM", "dumb"), command)) {
            assertThat(launched.awaitEnd()).as(launched.err()).isZero();
            return launched.out();
        }
    }
}
