package dev.portway.cli;

import static java.util.Objects.requireNonNull;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints, and what it may know of the shell it was typed in. Immutable.
 *
 * @param out what was asked for
 * @param err what went wrong
 * @param interactive whether a person reads {@code out} as it appears; if not, commands say less
 * @param colour whether {@code out} and {@code err} may carry colours
 * @param columns its width; 0 where none is known
 * @param environment its variables; null for a name that is not set
 * @param directory the working directory, absolute
 */
public record Terminal(
        PrintWriter out,
        PrintWriter err,
        boolean interactive,
        boolean colour,
        int columns,
        Function<String, @Nullable String> environment,
        Path directory) {

    public Terminal {
        requireNonNull(out, "out");
        requireNonNull(err, "err");
        requireNonNull(environment, "environment");
        requireNonNull(directory, "directory");
    }

    /** This process's own. */
    public static Terminal ofProcess() {
        boolean interactive = readByAPerson();
        String noColour = System.getenv("NO_COLOR");
        boolean colour =
                interactive && (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(
                new PrintWriter(System.out, true, Charset.defaultCharset()),
                new PrintWriter(System.err, true, Charset.defaultCharset()),
                interactive,
                colour,
                interactive ? width() : 0,
                System::getenv,
                Path.of("").toAbsolutePath());
    }

    /** {@code text} in bold, where there may be colours. */
    String bold(String text) {
        return styled("1", text);
    }

    /** {@code text} in the colour of what is well, is doubtful or is wrong. */
    String green(String text) {
        return styled("32", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    /** {@code text} as what nobody should overlook. */
    String alarm(String text) {
        return styled("1;31", text);
    }

    private String styled(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** A variable of the environment; empty where it is not set, or set to nothing. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
    }

    /** {@code path} as a person in this directory would name it. */
    String name(Path path) {
        if (path.equals(directory)) {
            return ".";
        }
        return path.startsWith(directory) ? directory.relativize(path).toString() : path.toString();
    }

    /** Java cannot ask a terminal how wide it is; the launcher does. */
    private static int width() {
        String exported = System.getenv("COLUMNS");
        Integer told = Integer.getInteger("portway.columns");
        if (told != null) {
            return Math.max(told, 0);
        }
        return exported != null && exported.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(exported) : 0;
    }

    /** Whether a person has this process in a terminal. */
    @SuppressWarnings("SystemConsoleNull") // older Java says by null what newer Java says by isTerminal: both are asked
    static boolean readByAPerson() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From Java 22 on there is a console even where both ends are pipes, and this method to tell them apart.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }
}
