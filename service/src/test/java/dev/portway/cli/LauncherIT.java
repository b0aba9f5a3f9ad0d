package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherIT {

    @TempDir
    Path directory;

    @Test
    void runsFromAnyDirectory() throws Exception {
        try (Launched help = Launched.proxy(directory, "--help")) {
            assertThat(help.awaitEnd()).isZero();
            assertThat(help.out()).contains("Usage: proxy");
            assertThat(help.err()).isEmpty();
        }
    }

    @Test
    void runsThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("first"), Launched.REPOSITORY.resolve("proxy"));
        Path relative = Files.createSymbolicLink(directory.resolve("second"), link.getFileName());

        try (Launched help = Launched.command(directory, Map.of(), List.of(relative.toString(), "--version"))) {
            assertThat(help.awaitEnd()).isZero();
            assertThat(help.out()).startsWith("portway ");
        }
    }

    @Test
    void runsInAFolderWithBlanksInItsName() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("my own proxy"));
        Files.copy(Launched.REPOSITORY.resolve("proxy"), folder.resolve("proxy"));
        Files.createSymbolicLink(folder.resolve("proxy.jar"), Launched.REPOSITORY.resolve("proxy.jar"));
        assertThat(folder.resolve("proxy").toFile().setExecutable(true)).isTrue();

        try (Launched help = Launched.command(folder, Map.of(), List.of("./proxy", "validate", "-c", "a b.json"))) {
            assertThat(help.awaitEnd()).isEqualTo(1);
            assertThat(help.err()).contains("error: a b.json does not exist");
        }
    }

    @Test
    void passesTheExitStatusOn() throws Exception {
        try (Launched wrong = Launched.proxy(directory, "strat")) {
            assertThat(wrong.awaitEnd()).isEqualTo(2);
            assertThat(wrong.err()).contains("did you mean start");
        }
    }

    @Test
    void takesMoreJavaOptionsFromTheEnvironment() throws Exception {
        Map<String, String> options = Map.of("PORTWAY_JAVA_OPTS", "-Dfirst=1 -XX:+PrintFlagsFinal");

        try (Launched version = Launched.command(
                directory, options, List.of(Launched.REPOSITORY.resolve("proxy").toString(), "--version"))) {
            assertThat(version.awaitEnd()).isZero();
            assertThat(version.out()).contains("UseSerialGC");
        }
    }

    /** Java ends where it is given an archive and told to use none; a start without a file gets as far as saying so. */
    @ParameterizedTest
    @ValueSource(strings = {"PORTWAY_JAVA_OPTS", "JAVA_TOOL_OPTIONS"})
    void leavesTheArchiveOutWhereTheUserSaysWhatToTake(String variable) throws Exception {
        String proxy = Launched.REPOSITORY.resolve("proxy").toString();

        try (Launched start = Launched.command(
                directory, Map.of(variable, "-Xshare:off"), List.of(proxy, "start", "-c", "missing.json"))) {
            assertThat(start.awaitEnd()).isEqualTo(1);
            assertThat(start.err()).contains("missing.json does not exist");
        }
    }

    /** Java refuses to begin with more than it may ever have, and warns where sizes do not fit each other. */
    @ParameterizedTest
    @ValueSource(
            strings = {"-Xmx32m", "-Xmx64m", "-Xmx1g", "-Xms20m", "-Xmn8m", "-XX:MaxNewSize=16m", "-XX:MaxRAM=128m"})
    void beginsWithNoMoreThanTheUserAllows(String options) throws Exception {
        String proxy = Launched.REPOSITORY.resolve("proxy").toString();

        try (Launched start = Launched.command(
                directory, Map.of("PORTWAY_JAVA_OPTS", options), List.of(proxy, "start", "-c", "missing.json"))) {
            assertThat(start.awaitEnd()).isEqualTo(1);
            assertThat(start.err()).contains("missing.json does not exist").doesNotContainIgnoringCase("NewSize");
        }
    }

    @Test
    @EnabledOnJre(JRE.JAVA_17) // Java 25 leaves classes of picocli's old format out (decision 190)
    void takesEveryClassOfACommandFromTheArchiveAndLeavesTheJarClosed() throws Exception {
        Map<String, String> options = Map.of("PORTWAY_JAVA_OPTS", "-Xlog:class+load=info:stdout");

        try (Launched version = Launched.command(
                directory, options, List.of(Launched.REPOSITORY.resolve("proxy").toString(), "--version"))) {
            assertThat(version.awaitEnd()).isZero();
            assertThat(version.out()).contains("dev.portway.cli.RouteAddCommand", "picocli.CommandLine ");
            assertThat(version.out().lines().filter(line -> line.contains("proxy.jar")))
                    .isEmpty();
        }
    }

    @Test
    void saysWhatIsMissingWithoutJava() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        try (Launched missing = Launched.command(
                directory,
                Map.of("JAVA_HOME", "", "PATH", tools(empty).toString()),
                List.of("/bin/sh", Launched.REPOSITORY.resolve("proxy").toString(), "--help"))) {
            assertThat(missing.awaitEnd()).isEqualTo(1);
            assertThat(missing.err()).contains("no Java found (expected: 17 or newer");
        }
    }

    @Test
    void refusesAnOlderJavaByItsVersion() throws Exception {
        Path old = directory.resolve("jdk");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.22\"\n");
        Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        assertThat(old.resolve("bin/java").toFile().setExecutable(true)).isTrue();

        try (Launched refused = Launched.command(
                directory,
                Map.of("JAVA_HOME", old.toString()),
                List.of(Launched.REPOSITORY.resolve("proxy").toString(), "--help"))) {
            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(refused.err()).contains("is Java 11.0.22 (expected: 17 or newer");
        }
    }

    @Test
    void saysSoWhereJavaHomeHoldsNoJava() throws Exception {
        try (Launched refused = Launched.command(
                directory,
                Map.of("JAVA_HOME", directory.toString()),
                List.of(Launched.REPOSITORY.resolve("proxy").toString(), "--help"))) {
            assertThat(refused.awaitEnd()).isEqualTo(1);
            assertThat(refused.err()).contains("JAVA_HOME is " + directory);
        }
    }

    /** A PATH with the few tools that the launcher itself needs. */
    private static Path tools(Path folder) throws IOException {
        for (String tool : List.of("sed", "find", "readlink", "grep")) {
            for (Path bin : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(bin.resolve(tool)) && !Files.exists(folder.resolve(tool))) {
                    Files.createSymbolicLink(folder.resolve(tool), bin.resolve(tool));
                }
            }
        }
        return folder;
    }
}
