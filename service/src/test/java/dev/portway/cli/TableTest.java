package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TableTest {

    private final StringWriter out = new StringWriter();

    @Test
    void alignsForAPerson() {
        Table.of("ID", "TARGET").row("web", "3000").row("a-longer-one", "3001").print(terminal(true, 0));

        assertThat(out).hasToString("ID            TARGET\nweb           3000\na-longer-one  3001\n");
    }

    @Test
    void cutsTheWidestColumnsToTheTerminalsWidth() {
        Table.of("ID", "TARGET", "S")
                .row("web", "http://localhost:3000/a/long/path", "up")
                .print(terminal(true, 24));

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(24));
        assertThat(out).asString().contains("web  http://localho…  up");
    }

    @Test
    void isTabsWithoutHeadingsForAScript() {
        Table.of("ID", "TARGET").row("web", "a\tb").row("", "x".repeat(300)).print(terminal(false, 20));

        assertThat(out).hasToString("web\ta?b\n\t" + "x".repeat(300) + "\n");
    }

    @Test
    void letsNothingSteerTheTerminal() {
        Table.of("ID").row("\u001b[2J\u202eweb\u0007").print(terminal(true, 0));

        assertThat(out).hasToString("ID\n?[2J?web?\n");
    }

    private Terminal terminal(boolean interactive, int columns) {
        PrintWriter writer = new PrintWriter(out, true);
        return new Terminal(writer, writer, interactive, false, columns, name -> null, Path.of("/"));
    }
}
