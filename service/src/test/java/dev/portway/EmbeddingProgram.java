package dev.portway;

import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * A program with a proxy in it, for {@link EmbeddedProcessTest}: prints what a request through it is answered and who
 * resolves names, and returns from its {@code main}.
 */
final class EmbeddingProgram {

    private EmbeddingProgram() {}

    /**
     * Runs it.
     *
     * @param arguments the URL of a backend
     */
    public static void main(String[] arguments) throws Exception {
        try (Portway portway =
                Portway.builder().admin(0).route("/a", arguments[0]).route("""
                    { "path": "/srv", "targets": [{ "url": "http://_http._tcp.api.internal", "resolve": "srv" }] }\
                    """).start()) {
            HttpClient client = HttpClient.newHttpClient();
            URI url = portway.url().resolve("/a");
            System.out.println(client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body());
        }
        System.out.println(InetAddress.getByName("localhost").isLoopbackAddress());
    }
}
