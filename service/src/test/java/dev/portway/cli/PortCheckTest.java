package dev.portway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortCheckTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPortInUseIsToldWithTheProcessThatHoldsIt() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = held.getLocalPort();

            CommandFailure failure =
                    PortCheck.obstacle("proxy.port", "localhost", port).orElseThrow();

            assertThat(failure)
                    .hasMessageStartingWith("port " + port + " is already in use by ")
                    .hasMessageEndingWith("(process " + ProcessHandle.current().pid() + ")");
            assertThat(failure.hints()).singleElement().asString().contains("-p PORT");
        }
    }

    @Test
    void theAdminPortsRemedyIsTheFile() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandFailure failure = PortCheck.obstacle("proxy.admin.port", "127.0.0.1", held.getLocalPort())
                    .orElseThrow();

            assertThat(failure.hints()).singleElement().asString().contains("\"proxy.admin.port\"");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsToldApartFromAPortInUse() {
        CommandFailure failure =
                PortCheck.obstacle("proxy.port", "192.0.2.1", 18_080).orElseThrow();

        assertThat(failure).hasMessage("192.0.2.1 is not an address of this machine");
    }

    @Test
    void aFreePortAndPortZeroAreNoObstacle() throws IOException {
        int free = PortCheck.freePort(0);

        assertThat(PortCheck.obstacle("proxy.port", "localhost", free)).isEmpty();
        assertThat(PortCheck.obstacle("proxy.port", "192.0.2.1", 0)).isEmpty();
    }

    @Test
    void takesAnotherPortWhereThePreferredOneIsHeld() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortCheck.freePort(held.getLocalPort())).isNotEqualTo(held.getLocalPort());
        }
    }
}
