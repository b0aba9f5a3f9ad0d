package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHolderTest {

    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    Path proc;

    @BeforeEach
    void aProcessThatHoldsSocket4711() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Path fd = Files.createDirectories(proc.resolve("321/fd"));
        Files.createSymbolicLink(fd.resolve("7"), Path.of("socket:[4711]"));
        Files.writeString(proc.resolve("321/comm"), "node\n");
    }

    @Test
    void findsTheProcessByItsListeningSocket() throws IOException {
        table("tcp", "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 4711 1\n");

        assertThat(PortHolder.of(8080, proc)).contains(new PortHolder(321, "node"));
    }

    @Test
    void findsAListenerOnIPv6Alone() throws IOException {
        table("tcp", "");
        table(
                "tcp6",
                "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  0 0 4711"
                        + " 1\n");

        assertThat(PortHolder.of(8080, proc)).contains(new PortHolder(321, "node"));
    }

    @Test
    void aConnectionFromThatPortIsNotAListener() throws IOException {
        table("tcp", "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000 0 4711 1\n");

        assertThat(PortHolder.of(8080, proc)).isEmpty();
    }

    @Test
    void aSocketOfAProcessWeMayNotSeeIsNobodys() throws IOException {
        table("tcp", "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 0 9999 1\n");

        assertThat(PortHolder.of(8080, proc)).isEmpty();
    }

    @Test
    void aSystemWithoutProcHasNoAnswer() {
        assertThat(PortHolder.of(8080, proc.resolve("missing"))).isEmpty();
    }

    private void table(String name, String rows) throws IOException {
        Files.writeString(proc.resolve("net").resolve(name), HEADER + rows);
    }
}
