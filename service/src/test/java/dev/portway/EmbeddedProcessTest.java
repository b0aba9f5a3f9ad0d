package dev.portway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedProcessTest {

    @Test
    void aProgramThatClosedItsProxyEndsByItself() throws Exception {
        try (Origin origin = Origin.replying(200, "hi")) {
            Process program = start(System.getProperty("java.class.path"), origin.url());

            assertThat(output(program)).contains("hi\n").endsWith("true\n");
        }
    }

    @Test
    void dnsjavaNeedNotBeThere() throws Exception {
        String without = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !path.contains("dnsjava"))
                .collect(Collectors.joining(File.pathSeparator));
        try (Origin origin = Origin.replying(200, "hi")) {
            Process program = start(without, origin.url());

            assertThat(output(program))
                    .contains("hi\n")
                    .endsWith("true\n")
                    .contains("dnsjava alone, which is not on the class path")
                    .doesNotContain("NoClassDefFoundError");
        }
    }

    private static Process start(String classPath, String target) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        EmbeddingProgram.class.getName(),
                        target)
                .redirectErrorStream(true)
                .start();
    }

    /** All of it, of a program that ends without being asked to. */
    private static String output(Process program) throws Exception {
        try {
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).as(output).isZero();
            return output;
        } finally {
            program.destroyForcibly();
        }
    }
}
