package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineToolTest {

    @TempDir
    Path directory;

    @Test
    void aMissingCommandIsUsedWronglyAndNamesWhatToTry() {
        Shell shell = Shell.in(directory);

        int status = shell.run();

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("error: a command is missing", "start, demo", "see: proxy --help");
        assertThat(shell.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"strat, start", "vaildate, validate", "dmo, demo", "covert, convert"})
    void anUnknownCommandSuggestsTheNearestOne(String typed, String meant) {
        Shell shell = Shell.in(directory);

        int status = shell.run(typed);

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("error: unknown command '" + typed + "'", "did you mean " + meant);
    }

    @Test
    void anUnknownOptionNamesTheCommandsOwnHelp() {
        Shell shell = Shell.in(directory);

        int status = shell.run("start", "--pot=9000");

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("--pot", "did you mean --port", "see: proxy start --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "validate", "demo", "convert"})
    void everyCommandExplainsItself(String command) {
        Shell shell = Shell.in(directory);

        int status = shell.run(command, "--help");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out()).contains("Usage: proxy " + command, "--help");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void helpListsTheCommandsAndHidesTheBuildsOwn() {
        Shell shell = Shell.in(directory);

        int status = shell.run("--help");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out())
                .contains("start", "validate", "demo", "convert", "help")
                .doesNotContain("warm-up");
    }

    @Test
    void helpOfACommandIsTheSameAsItsHelpOption() {
        Shell option = Shell.in(directory);
        Shell command = Shell.in(directory);

        option.run("start", "--help");
        command.run("help", "start");

        assertThat(command.out()).isEqualTo(option.out());
    }

    @Test
    void theShortHIsTheHostAndNotHelp() {
        Shell shell = Shell.in(directory);

        int status = shell.run("start", "-h");

        assertThat(status).isEqualTo(CommandLineTool.USED_WRONGLY);
        assertThat(shell.err()).contains("--host");
    }

    @Test
    void printsTheVersion() {
        Shell shell = Shell.in(directory);

        int status = shell.run("--version");

        assertThat(status).isEqualTo(CommandLineTool.FINE);
        assertThat(shell.out()).startsWith("portway ");
    }

    @Test
    void writesNoColourCodesWhereNoneAreWanted() {
        Shell shell = Shell.in(directory);

        shell.run("--help");
        shell.run("nonsense");

        assertThat(shell.out() + shell.err()).doesNotContain("\u001b");
    }
}
