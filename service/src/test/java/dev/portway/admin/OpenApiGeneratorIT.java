package dev.portway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Others' tools can use {@code openapi.json}: it is valid for them, and they make a client of it that works. */
class OpenApiGeneratorIT {

    /** Where the build puts the generator, which has its own Jackson and so cannot be on the class path. */
    private static final Path GENERATOR = Path.of("target/tools/openapi-generator-cli.jar");

    private static final Path DOCUMENT = Path.of("src/main/resources/openapi.json");

    @TempDir
    Path folder;

    @Test
    void theDocumentIsValid() throws Exception {
        String said = generator("validate", "--recommend", "-i", DOCUMENT.toString());

        assertThat(said).contains("No validation issues detected.");
    }

    @Test
    void aGeneratedClientCompilesAndAddsARoute() throws Exception {
        generator(
                "generate",
                "-i",
                DOCUMENT.toString(),
                "-g",
                "java",
                "--library",
                "native",
                "-o",
                folder.resolve("client").toString(),
                "--global-property",
                "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false",
                "--additional-properties",
                "useJakartaEe=true,openApiNullable=false,invokerPackage=generated,apiPackage=generated.api,"
                        + "modelPackage=generated.model");
        Path classes = compiled();

        try (AdminHarness admin = AdminHarness.routing("[]");
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Object added = loader.loadClass("AddsARoute")
                    .getMethod("at", String.class)
                    .invoke(null, "http://localhost:" + admin.port());

            assertThat(added).isEqualTo("api from file, then 1 route");
            assertThat(Files.readString(admin.file())).contains("\"api.localhost\"", "3001");
        }
    }

    private Path compiled() throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        List<Path> sources = new ArrayList<>();
        sources.add(Path.of("src/test/resources/openapi/AddsARoute.java"));
        try (Stream<Path> generated = Files.walk(folder.resolve("client/src/main/java"))) {
            generated.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean good = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-nowarn", "-proc:none", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();

            assertThat(good).as(said.toString()).isTrue();
        }
        return classes;
    }

    private static String generator(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                GENERATOR.toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
