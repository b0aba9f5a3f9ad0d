package dev.portway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** What a person runs behind {@code ./proxy run}: a process that listens on {@code PORT} and answers its own number. */
final class DevServer {

    private DevServer() {}

    /** Listens; on a port of its own choice where there is an argument. */
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length == 0 ? Integer.parseInt(System.getenv("PORT")) : 0;
        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(US_ASCII);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, pid.length);
            exchange.getResponseBody().write(pid);
            exchange.close();
        });
        server.start();
    }

    /** The line of a shell that runs it. */
    static String command() {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -cp '"
                + Path.of("target/test-classes").toAbsolutePath()
                + "' " + DevServer.class.getName();
    }
}
